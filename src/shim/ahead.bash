  case $__iptables_atom_ahead"${1-} ${2-} ${3-}" in
    1-[AI]\ * | 1-w\ -[AI]\ * | 1-t\ *\ -[AI])
      printf '%s\0' "$(($# + 1))" 0 "${BASH_SOURCE[1]-}" "${BASH_LINENO[0]}" @NAME@ "$@" >&"$__iptables_atom_request"
      return 0 ;;
  esac
