"""The gate before everything: who may pass, with how much, and for how long."""
