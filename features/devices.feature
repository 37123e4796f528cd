@devices
Feature: A device that several people use
  At a reception desk, in a family, in a library: one signs out, the next signs in. The browser is the same, with its cookies and
  with the pages that it was allowed to keep.

  Scenario: The next on a device is shown nothing of whoever used it before
    Given Ada and Ben each have a finished audio consultation that was recorded
    When Ada looks at her replays
    And Ada signs out
    And Ben signs in on Ada's device
    And Ada signs in again
    Then Ben cannot list or fetch Ada's recording
    And no one can list or fetch anybody else's recordings
    And Ada's old session opens nothing

  Scenario: Somebody who has nothing yet signs in where another looked at their replays
    Given Ada has a finished video consultation that was recorded
    And Chloe is signed in
    When Ada looks at her replays
    And Ada signs out
    And Chloe signs in on Ada's device
    And Ada signs in again
    Then Chloe cannot list or fetch Ada's recording
    And everyone can still list and fetch their own

  Scenario: A device goes to and fro between two people
    Given Ada and Ben each have a finished audio consultation that was recorded
    When Ada looks at her replays
    And Ada signs out
    And Ben signs in on Ada's device
    And Ben looks at his replays
    And Ben signs out
    And Ada signs in on Ben's device
    And Ben signs in again
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own
