"""The net: areas, roads and points, their shapes in time, and where in it something lies."""
