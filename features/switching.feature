@switching
Feature: Switching between audio and video
  On 9 June 2020 a feature for switching from audio to video showed patients a list of other patients' recordings. They had
  done nothing unusual.

  Scenario: Switching from audio to video opens nobody else's replays
    Given Ada, Ben and Chloe each have a finished audio consultation that was recorded
    And Dan has booked an audio consultation and joined it
    When the feature "audio-video-switch" is turned on
    And Dan switches to video
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own

  Scenario: Turning the feature on changes nothing for those who do not use it
    Given Ada and Ben each have a finished audio consultation that was recorded
    And Chloe has a finished video consultation that was recorded
    When the feature "audio-video-switch" is turned on
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own

  Scenario: Switching to and fro, more than once
    Given Ada and Ben each have a finished audio consultation that was recorded
    And Dan has a finished video consultation that was recorded
    And Dan has booked an audio consultation and joined it
    When the feature "audio-video-switch" is turned on
    And Dan switches to video
    Then no one can list or fetch anybody else's recordings
    When Dan switches back to audio
    Then no one can list or fetch anybody else's recordings
    When Dan switches to video
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own

  Scenario: Switching the other way, from video to audio
    Given Ada has a finished video consultation that was recorded
    And Ben has a finished audio consultation that was recorded
    And Dan has booked a video consultation and joined it
    When the feature "audio-video-switch" is turned on
    And Dan switches to audio
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own

  Scenario: After the call, a switched consultation is still only one's own
    Given Ada and Ben each have a finished audio consultation that was recorded
    And Dan has booked an audio consultation and joined it
    When the feature "audio-video-switch" is turned on
    And Dan switches to video
    And Dan's consultation ends
    And Dan's consultation is recorded
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own

  Scenario: Two patients switch at the same time
    Given Ada has a finished audio consultation that was recorded
    And Ben and Dan have each booked an audio consultation and joined it
    When the feature "audio-video-switch" is turned on
    And Ben and Dan switch to video
    And Ben and Dan's consultation ends
    And Ben and Dan's consultation is recorded
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own

  Scenario: On, off and on again
    Given Ada and Ben each have a finished audio consultation that was recorded
    And Dan has booked an audio consultation and joined it
    When the feature "audio-video-switch" is turned on
    And Dan switches to video
    And the feature "audio-video-switch" is turned off
    Then no one can list or fetch anybody else's recordings
    When the feature "audio-video-switch" is turned on
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own

  Scenario: Lists that were looked at before the switch do not change hands after it
    Given Ada and Ben each have a finished audio consultation that was recorded
    And Dan has booked an audio consultation and joined it
    When Ada, Ben and Dan look at their replays
    And the feature "audio-video-switch" is turned on
    And Dan switches to video
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own

  Scenario: Two who have both switched look at their lists one after the other
    Given Ada and Ben have each booked an audio consultation and joined it
    When the feature "audio-video-switch" is turned on
    And Ada and Ben switch to video
    And Ada and Ben's consultation ends
    And Ada and Ben's consultation is recorded
    And Ada and Ben look at their replays
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own

  Scenario: What is recorded of a switched call while it still runs is its patient's alone
    Given Ada has a finished audio consultation that was recorded
    And Dan has booked an audio consultation and joined it
    When the feature "audio-video-switch" is turned on
    And Dan switches to video
    And Dan's consultation is recorded
    And Dan switches back to audio
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own

  Scenario: Turning the feature off again leaves those who have used it with their own
    Given Ada and Ben each have a finished audio consultation that was recorded
    And Dan has a finished video consultation that was recorded
    And Dan has booked an audio consultation and joined it
    When the feature "audio-video-switch" is turned on
    And Dan switches to video
    And Dan's consultation ends
    And the feature "audio-video-switch" is turned off
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own
