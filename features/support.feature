@support
Feature: Support agents
  Whoever helps people with the app may have to see a recording. They say why first, see that one and no other, for a while, and
  its patient is told.

  Scenario: A support agent sees nothing without a reason
    Given Ada has a finished video consultation that was recorded
    And Sam is a support agent
    Then no one can list or fetch anybody else's recordings

  Scenario: A reason opens a recording to whoever gave it, and its patient is told
    Given Ada and Ben each have a finished audio consultation that was recorded
    And Sam and Tess are support agents
    And Sam has given a reason to open Ada's recording
    Then Sam can list and fetch Ada's recording
    And no one can list or fetch anybody else's recordings
    And everyone can list and fetch their own

  Scenario: A reason for one recording opens no other of that patient
    Given Ada has 2 finished audio consultations that were recorded
    And Sam is a support agent
    And Sam has given a reason to open Ada's recording
    Then no one can list or fetch anybody else's recordings
    And Ada can list and fetch her own recordings

  Scenario: A case that was closed opens nothing
    Given Ada has a finished video consultation that was recorded
    And Sam is a support agent
    And Sam has given a reason to open Ada's recording
    When Sam closes the case of Ada's recording
    Then Sam cannot list or fetch Ada's recording
    And everyone can still list and fetch their own

  Scenario: A case whose time is over opens nothing
    Given Ada and Ben each have a finished audio consultation that was recorded
    And Sam and Tess are support agents
    And Sam has given a reason to open Ada's recording
    And Sam has given a reason to open Ben's recording
    And Tess has given a reason to open Ada's recording
    And Tess has given a reason to open Ben's recording
    When Sam's time with Ada's recording is over
    Then Sam cannot list or fetch Ada's recording
    And Sam can still list and fetch Ben's recording
    And Tess can still list and fetch Ada's recording
    And no one can list or fetch anybody else's recordings

  Scenario: Whoever gives a reason once more sees it once more, and nobody else does
    Given Ada has a finished audio consultation that was recorded
    And Sam and Tess are support agents
    And Sam has given a reason to open Ada's recording
    When Sam closes the case of Ada's recording
    Given Tess has given a reason to open Ada's recording
    Then Tess can list and fetch Ada's recording
    And Sam cannot list or fetch Ada's recording

  Scenario: Turning replays off closes what a reason had opened
    Given Ada has a finished video consultation that was recorded
    And Sam is a support agent
    And Sam has given a reason to open Ada's recording
    When the feature "consultation-replays" is turned off
    Then no one can list or fetch any recording
