#!/bin/sh
# Indexes the articles that changed while nothing ran, then answers. An index that is there answers
# even if that fails, and `pmrole serve` says so if there is none. Where several bots share an index,
# the first one builds it, and the others wait for that.

# A place for articles that is not there yet begins with those of the image, times included.
if [ -n "${KNOWLEDGE_DIR:-}" ] && [ ! -e "$KNOWLEDGE_DIR" ]; then
  cp -Rp knowledge "$KNOWLEDGE_DIR"
fi
pmrole index build --if-changed --wait 900 || echo "pmrole: the index is as it was, or has doubtful articles" >&2
exec pmrole serve "$@"
