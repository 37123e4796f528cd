@links
Feature: Links to a recording
  A link is made for one person and one recording, for a short time.

  Scenario: A link opens for the person it was made for
    Given Ada has a finished video consultation that was recorded
    And Ben has a finished audio consultation that was recorded
    And Ada has been given a link to her recording
    Then Ada's link opens for nobody else
    And Ada can list and fetch her own recordings

  Scenario: A link to one's own recording cannot be turned into a link to another's
    Given Ada, Ben and Chloe each have a finished audio consultation that was recorded
    And Ada and Ben have each been given a link to their recording
    Then no one can list or fetch anybody else's recordings

  Scenario: A link that was handed out before a switch is nobody else's after it
    Given Ada has a finished audio consultation that was recorded
    And Ada has been given a link to her recording
    And Dan has booked an audio consultation and joined it
    When the feature "audio-video-switch" is turned on
    And Dan switches to video
    Then Ada's link opens for nobody else
