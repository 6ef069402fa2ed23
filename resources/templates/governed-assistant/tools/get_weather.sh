#!/bin/sh
# get_weather: {"city": string} -> {"city", "celsius", "sky", "source"}, from the table below: a sandbox has no network.
export LC_ALL=C
exec awk -f arguments.awk -f get_weather.awk
