@discovery
Feature: Ways out that nobody declared
  The profile names the surfaces that somebody thought of. The others are found as a user finds them: by following links from
  one's own pages. Whatever shows a recording to its owner there is a surface too.

  Scenario: What Ada finds by following links is hers alone
    Given Ada and Ben each have a finished video consultation that was recorded
    And Chloe is signed in
    Then nobody else can open what Ada finds by following links

  Scenario: What Ada finds by following links is hers alone also after a switch
    Given Ada and Ben each have a finished audio consultation that was recorded
    And Dan has booked an audio consultation and joined it
    When the feature "audio-video-switch" is turned on
    And Dan switches to video
    Then nobody else can open what Ada finds by following links
