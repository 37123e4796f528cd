@cohorts
Feature: Features that are on for some
  A feature is tried with a few people first, or at one service; and on the day of a breach it may be turned off for those only
  whom it concerns. Whoever is asked about is the one who asks: nobody else decides for them, and they decide for nobody else.

  Scenario: A switch that is turned on for one patient opens nobody else's replays to them
    Given Ada and Ben each have a finished audio consultation that was recorded
    And Dan has booked an audio consultation and joined it
    When the feature "audio-video-switch" is turned on for Dan
    And Dan switches to video
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own

  Scenario: A feature that is on for a clinician changes nothing for their patients
    Given Dr Evans held an audio consultation with Ada that was recorded
    And Dr Evans held an audio consultation with Ben that was recorded
    When the feature "audio-video-switch" is turned on for Dr Evans
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own

  Scenario: Replays that are turned off for one patient are off for them, whoever has just looked at theirs
    Given Ada and Ben each have a finished audio consultation that was recorded
    When the feature "consultation-replays" is turned off for Ben
    And Ada looks at her replays
    Then Ben cannot list or fetch any recording
    And Ada can still list and fetch her own recordings

  Scenario: A link that was handed out before opens nothing to whom replays were turned off for
    Given Ada and Ben each have a finished video consultation that was recorded
    And Ada and Ben have each been given a link to their recording
    When the feature "consultation-replays" is turned off for Ben
    Then Ben cannot list or fetch any recording
    And Ada's link opens for nobody else

  Scenario: Replays that are turned off for one service are off for its patients only
    Given Ada is a patient of the public service
    And Ben is a patient of the private service
    And Ada and Ben each have a finished audio consultation that was recorded
    When the feature "consultation-replays" is turned off for the private service
    Then Ben cannot list or fetch any recording
    And Ada can still list and fetch her own recordings

  Scenario: Turning replays off closes them also to those for whom they were turned on
    Given Ada and Ben each have a finished audio consultation that was recorded
    When the feature "consultation-replays" is turned on for Ada
    And the feature "consultation-replays" is turned off
    Then no one can list or fetch any recording
