Feature: Tenants
  The clinic works for several services, each on a host name of its own: what one of them holds is nothing to the others.

  Scenario: Each service shows its own patients their own recordings
    Given Ada is a patient of the public service
    And Ben is a patient of the private service
    And Chloe is a patient of the insurer
    And Ada, Ben and Chloe each have a finished audio consultation that was recorded
    Then everyone can list and fetch their own
    And no one can list or fetch anybody else's recordings

  Scenario: Two patients of a service that came later
    Given Ben and Chloe are patients of the private service
    And Ben and Chloe each have a finished audio consultation that was recorded
    Then no one can list or fetch anybody else's recordings

  Scenario: Two patients of the second region
    Given Ada and Ben are patients of the southern region
    And Ada has a finished video consultation that was recorded
    And Ben has a finished audio consultation that was recorded
    Then no one can list or fetch anybody else's recordings

  Scenario: The same number at two services is not the same person
    Given Ada is a patient of the public service
    And Ben is a patient of the private service with Ada's number
    And Ada and Ben each have a finished audio consultation that was recorded
    When Ada and Ben look at their replays
    Then no one can list or fetch anybody else's recordings

  Scenario: The same number in two regions, after a switch
    Given Ada is a patient of the public service
    And Ben is a patient of the southern region with Ada's number
    And Ada has a finished audio consultation that was recorded
    And Ben has booked an audio consultation and joined it
    When the feature "audio-video-switch" is turned on
    And Ben switches to video
    And Ben's consultation ends
    And Ben's consultation is recorded
    Then no one can list or fetch anybody else's recordings

  Scenario: A clinician of two services sees in each what they held there
    Given Dr Evans is a clinician of the public service and the private service
    And Ada is a patient of the public service
    And Ben is a patient of the private service
    And Dr Evans held an audio consultation with Ada that was recorded
    And Dr Evans held an audio consultation with Ben that was recorded
    Then Dr Evans cannot list or fetch Ben's recording
    And Dr Evans can list and fetch Ada's recording
    And no one can list or fetch anybody else's recordings

  Scenario: A session that has ended at one service opens nothing at any other
    Given Ada is a patient of the public service
    And Ben is a patient of the private service
    And Ada and Ben each have a finished audio consultation that was recorded
    When Ben signs out
    And Ben signs in again
    Then Ben's old session opens nothing
    And no one can list or fetch anybody else's recordings

  Scenario: Turning replays off closes them at every service
    Given Ada is a patient of the public service
    And Ben is a patient of the private service
    And Ada and Ben each have a finished audio consultation that was recorded
    When the feature "consultation-replays" is turned off
    Then no one can list or fetch any recording
