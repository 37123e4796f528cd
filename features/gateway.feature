@gateway @containers
Feature: A gateway with a cache and two replicas
  What one person was sent must not be kept for the next, and a change must hold on every replica.

  Scenario: The gateway keeps nobody's answer for somebody else
    Given Ada and Ben each have a finished video consultation that was recorded
    When Ada and Ben look at their replays
    Then no one can list or fetch anybody else's recordings
    And everyone can list and fetch their own
    And no one can list or fetch anybody else's recordings

  Scenario: Both replicas close when replays are turned off
    Given Ada and Ben each have a finished audio consultation that was recorded
    When the feature "consultation-replays" is turned off
    Then no one can list or fetch any recording
    And no one can list or fetch any recording
