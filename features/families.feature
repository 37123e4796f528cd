@families
Feature: Families
  A guardian sees what a child's consultations have left behind, until the child comes of age. Nobody else of the family does.

  Scenario: A guardian sees the recordings of their child, also of later ones
    Given Grace is the guardian of Ada
    And Ada has a finished audio consultation that was recorded
    And Ben has a finished audio consultation that was recorded
    Then Grace can list and fetch Ada's recording
    And no one can list or fetch anybody else's recordings
    And everyone can list and fetch their own

  Scenario: Two children of one guardian do not see each other's, nor their guardian's
    Given Ada, Ben and Grace each have a finished audio consultation that was recorded
    And Grace is the guardian of Ada and Ben
    Then no one can list or fetch anybody else's recordings
    And everyone can list and fetch their own

  Scenario: A guardian of one child is not the guardian of the other guardian's children
    Given Ada and Ben each have a finished audio consultation that was recorded
    And Grace is the guardian of Ada and Ben
    And Hugo is the guardian of Ben
    Then no one can list or fetch anybody else's recordings
    And Hugo can list and fetch Ben's recording

  Scenario: Whoever comes of age is seen by no guardian any more
    Given Ada and Ben each have a finished video consultation that was recorded
    And Grace and Hugo are the guardians of Ada
    And Grace and Hugo are the guardians of Ben
    When Ada comes of age
    Given Ada has a finished audio consultation that was recorded
    Then Grace cannot list or fetch Ada's recordings
    And Hugo cannot list or fetch Ada's recordings
    And Grace can still list and fetch Ben's recording
    And no one can list or fetch anybody else's recordings

  Scenario: A guardian who is one no longer sees nothing of the child
    Given Ada has a finished audio consultation that was recorded
    And Grace and Hugo are the guardians of Ada
    When Grace is no longer the guardian of Ada
    Then Grace cannot list or fetch Ada's recording
    And Hugo can still list and fetch Ada's recording
    And everyone can still list and fetch their own
