@listing
Feature: Lists of replays
  Everybody may ask for a list of replays, and everybody gets one. It must hold what is theirs, and nothing else.

  Scenario: A list holds one's own recordings and nobody else's
    Given Ada, Ben and Chloe each have a finished audio consultation that was recorded
    Then no one can list or fetch anybody else's recordings
    And everyone can list and fetch their own

  Scenario: Somebody who has no recordings is shown none
    Given Ada has a finished video consultation that was recorded
    And Ben is signed in
    Then no one can list or fetch anybody else's recordings

  Scenario: Sixty recordings, page after page, are still only one's own
    Given Ada has 60 finished audio consultations that were recorded
    And Ben has 3 finished video consultations that were recorded
    Then no one can list or fetch anybody else's recordings
    And everyone can list and fetch their own

  Scenario: Two patients in the same slot of the same clinician do not share a list
    Given Ada and Ben each had a video consultation with Dr Evans in the slot "Monday 10:00" that was recorded
    When Ada and Ben look at their replays
    Then no one can list or fetch anybody else's recordings
    And everyone can list and fetch their own

  Scenario: A list that was looked at before shows what came later to its owner only
    Given Ada and Ben each have a finished audio consultation that was recorded
    When Ada and Ben look at their replays
    And Chloe signs in
    Then no one can list or fetch anybody else's recordings
    Given Ben has a finished video consultation that was recorded
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own

  Scenario: The second page of a long list is as much one's own as the first
    Given Ben has a finished video consultation that was recorded
    And Ada has 21 finished text consultations that were recorded
    Then Ada cannot list or fetch Ben's recording
    And Ada can list and fetch her own recordings
