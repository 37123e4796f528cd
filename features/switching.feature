Feature: Switching between audio and video
  On 9 June 2020 a switch from audio to video opened other patients' recordings.

  Scenario: Switching from audio to video opens nobody else's replays
    Given Ada, Ben and Chloe each have a finished audio consultation that was recorded
    And Dan has booked an audio consultation and joined it
    When the feature "audio-video-switch" is turned on
    And Dan switches to video
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own
