@clinicians
Feature: What clinicians see
  A clinician has a right to the recordings of consultations that they held, and to no others.

  Scenario: A clinician sees the consultations they held, and no others
    Given Dr Evans held an audio consultation with Ada that was recorded
    And Dr Flynn held a video consultation with Ben that was recorded
    Then Dr Evans can list and fetch Ada's recording
    And Dr Evans cannot list or fetch Ben's recording
    And Dr Flynn can list and fetch Ben's recording
    And Dr Flynn cannot list or fetch Ada's recording

  Scenario: A clinician who held no consultation sees none
    Given Dr Evans held an audio consultation with Ada that was recorded
    And Dr Flynn is signed in
    Then no one can list or fetch anybody else's recordings

  Scenario: One clinician, two patients, and a switch
    Given Dr Evans held an audio consultation with Ada that was recorded
    And Dr Evans held an audio consultation with Ben that was recorded
    And Dr Flynn is signed in
    And Dan has booked an audio consultation and joined it
    When the feature "audio-video-switch" is turned on
    And Dan switches to video
    Then no one can list or fetch anybody else's recordings
    And Dr Evans can still list and fetch Ada's recording
    And everyone can still list and fetch their own

  Scenario: A patient of two clinicians is shown to each as far as that clinician held it
    Given Dr Evans held an audio consultation with Ada that was recorded
    And Dr Flynn held a video consultation with Ada that was recorded
    Then no one can list or fetch anybody else's recordings
    And everyone can list and fetch their own

  Scenario: What a switched call leaves behind is shown to the clinician who held it
    Given Dr Flynn is signed in
    And Dan has booked an audio consultation and joined it
    When the feature "audio-video-switch" is turned on
    And Dan switches to video
    And Dan's consultation ends
    And Dan's consultation is recorded
    Then no one can list or fetch anybody else's recordings
    And everyone can list and fetch their own

  Scenario: Neither colleagues of one practice nor a clinician of another see what one has held
    Given Dr Evans held an audio consultation with Ada that was recorded
    And Dr Flynn held a video consultation with Ben that was recorded
    And Dr Hale held an audio consultation with Chloe that was recorded
    Then no one can list or fetch anybody else's recordings
    And Dr Evans can list and fetch Ada's recording
