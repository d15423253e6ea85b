#!/bin/sh
# Stands in the place of sudo in staging without root: the script is root of its namespaces already, and the real sudo refuses files that are not root's.
while :; do
    case $1 in
    --) shift; break ;;
    -[ugCDhpRrTtU]) shift 2 ;;
    -*) shift ;;
    *) break ;;
    esac
done
exec env "$@"
