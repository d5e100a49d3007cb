"""Models and schedules that several stages compute with."""
