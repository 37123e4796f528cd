@sharing
Feature: Sharing a recording
  A patient may let a relative in on one of their recordings, for a time, and may take that back. From then on it is as if it had
  never been shared.

  Scenario: A recording that is shared is its patient's and that relative's alone
    Given Ada and Ben each have a finished audio consultation that was recorded
    And Chloe is signed in
    And Ada has shared her recording with Ben
    Then Ben can list and fetch Ada's recording
    And Ada cannot list or fetch Ben's recording
    And no one can list or fetch anybody else's recordings

  Scenario: Sharing one recording shares no other
    Given Ada has 2 finished audio consultations that were recorded
    And Ada has shared her recording with Ben
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own

  Scenario: A share that was withdrawn opens nothing
    Given Ada has a finished video consultation that was recorded
    And Ada has shared her recording with Chloe and Ben
    When Ada withdraws the share from Ben
    Then Ben cannot list or fetch Ada's recording
    And Chloe can still list and fetch Ada's recording
    And no one can list or fetch anybody else's recordings

  Scenario: A share whose time is over opens nothing
    Given Ada and Dan each have a finished audio consultation that was recorded
    And Ada has shared her recording with Chloe and Ben
    And Dan has shared his recording with Ben
    When Ada's share with Ben runs out
    Then Ben cannot list or fetch Ada's recording
    And Ben can still list and fetch Dan's recording
    And Chloe can still list and fetch Ada's recording
    And everyone can still list and fetch their own

  Scenario: What was shared again after it was withdrawn can be seen again, and only by whom it was shared with
    Given Ada has a finished audio consultation that was recorded
    And Ada has shared her recording with Ben
    When Ada withdraws the share from Ben
    Given Ada has shared her recording with Ben
    And Chloe is signed in
    Then Ben can still list and fetch Ada's recording
    And no one can list or fetch anybody else's recordings
