Feature: GraphQL
  One question asks for several things, by way of others and by ids of their own: each of them is looked at as if it were asked for alone.

  Scenario: Below a clinician stands what one has had with them oneself
    Given Dr Evans held an audio consultation with Ada and Ben that was recorded
    And Dr Flynn held a video consultation with Ada that was recorded
    Then everyone can list and fetch their own
    And no one can list or fetch anybody else's recordings

  Scenario: A global id opens nothing any more when the right to it has ended
    Given Ada has a finished audio consultation that was recorded
    And Ada has shared her recording with Ben
    When Ada withdraws the share from Ben
    Then no one can list or fetch anybody else's recordings
