@changes
Feature: Every change that the profile declares
  Whatever can be changed while the stack runs is changed, and changed back: settings, permissions, restarts. What was recorded
  before, while it was changed and after it stays its owner's, also when everything is as it was before.

  Scenario: Recordings from before, during and after "{each change}" are their owners' alone
    Given Ada has a finished audio consultation that was recorded
    When the change "{each change}" is made
    Given Ben has a finished audio consultation that was recorded
    Then no one can list or fetch anybody else's recordings
    When the change "{each change}" is undone
    Given Chloe has a finished audio consultation that was recorded
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own

  Scenario: "{each change}" to and fro, twice
    Given Ada and Ben each have a finished video consultation that was recorded
    When the change "{each change}" is made
    And the change "{each change}" is undone
    And the change "{each change}" is made
    Then no one can list or fetch anybody else's recordings
    When the change "{each change}" is undone
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own

  Scenario: What was recorded before "{each change}" is its owner's alone afterwards
    Given Ada and Ben each have a finished audio consultation that was recorded
    When the change "{each change}" is made
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own

  Scenario: Nothing comes out while "{each closing change}" is made
    Given Ada has a finished video consultation that was recorded
    And Ben has a finished audio consultation that was recorded
    When the change "{each closing change}" is made
    Then no one can list or fetch any recording
    When the change "{each closing change}" is undone
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own

  Scenario: A link opens nothing while "{each closing change}" is made
    Given Ada has a finished audio consultation that was recorded
    And Ada has been given a link to her recording
    When the change "{each closing change}" is made
    Then Ada's link no longer opens
    When the change "{each closing change}" is undone
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own

  Scenario: Replays that were turned off stay off, whatever "{each closing change}" does
    Given Ada and Ben each have a finished audio consultation that was recorded
    When the feature "consultation-replays" is turned off
    And the change "{each closing change}" is made
    Then no one can list or fetch any recording
    When the change "{each closing change}" is undone
    Then no one can list or fetch any recording
