@TOOL@() {
@AHEAD@  { local - IFS process kind call status text handled discarded; set +xeuv; } 2>/dev/null
  IFS=' '; process=$$; handled=0; discarded=0
  # $$ is the script's own shell in a subshell too; the server looks at the standard output of who saves.
  case "@TOOL@ $*" in ipset*save* | ipset*-S*) read -r process text </proc/self/stat ;; esac
  read -r text <@TOKEN@
  printf '%s\0' $(($# + 1)) "$process" '' 0 @TOOL@ "$@" >@REQUEST@
  read -r kind call status text <@REPLY@
  echo >@TOKEN@
  case $kind in
    0) return 0 ;;
    A) __iptables_atom_ahead=1; return 0 ;;
    X) [ -z "$text" ] || printf '%s\n' "$text" >&2 ;;
    *) @PROGRAMS@/@TOOL@ "$@"; status=$?
       if [ "$kind$status" = Q0 ]; then return 0; fi ;;
  esac
  # Where the caller looks at the status, the shell ignores -e, in subshells too.
  if [ "$status" = 0 ]; then :
  elif [ /proc/self/fd/2 -ef /dev/null ]; then discarded=1
  else (set -e; false; :) 2>/dev/null; handled=$((1 - $?)); fi
  read -r text <@TOKEN@
  printf '%s\0' 0 "$call" "$status" "$handled" "$discarded" >@REQUEST@
  echo >@TOKEN@
  return "$status"
}
