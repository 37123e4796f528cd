@fetching
Feature: Fetching a recording
  Whoever knows or guesses the id of a recording still gets nothing of it: not the whole, not its first seconds, not its
  picture, not its words, not its name.

  Scenario Outline: A recorded <modality> consultation is fetched by its owner and nobody else
    Given Ada and Ben each have a finished <modality> consultation that was recorded
    Then no one can list or fetch anybody else's recordings
    And everyone can list and fetch their own

    Examples:
      | modality |
      | text     |
      | audio    |
      | video    |

  Scenario: Two of one's own, and none of another's
    Given Ada has 2 finished audio consultations that were recorded
    And Ada has a finished video consultation that was recorded
    And Ben has a finished audio consultation that was recorded
    Then Ben cannot list or fetch Ada's recordings
    And Ada cannot list or fetch Ben's recording
    And Ada can list and fetch her own recordings

  @finalising
  Scenario: A recording that has only just arrived is its owner's alone
    Given Ben and Chloe are signed in
    And Ada has a finished video consultation that was recorded
    Then no one can list or fetch anybody else's recordings
    And Ada can list and fetch her own recordings

  @finalising
  Scenario: Two recordings that arrive one after the other do not change hands
    Given Ada has booked an audio consultation and joined it
    And Ben has booked a video consultation and joined it
    When Ada's consultation ends
    And Ben's consultation ends
    And Ada's consultation is recorded
    And Ben's consultation is recorded
    Then no one can list or fetch anybody else's recordings
    And everyone can list and fetch their own

  @finalising
  Scenario: A recording that arrives while the next patient is in the room stays with whom it is of
    Given Ada has booked a video consultation and joined it
    When Ada's consultation ends
    Given Ben has booked an audio consultation and joined it
    When Ada's consultation is recorded
    And Ben's consultation ends
    And Ben's consultation is recorded
    Then no one can list or fetch anybody else's recordings
    And everyone can list and fetch their own
