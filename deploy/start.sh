#!/bin/sh
# Indexes the articles that changed while nothing ran, then answers. An index that is there answers
# even if that fails, and `pmrole serve` says so if there is none.
pmrole index build --if-changed || echo "pmrole: the index is as it was, or has doubtful articles" >&2
exec pmrole serve "$@"
