# bash completion for acdctl: the program itself knows what may come next (acdctl complete).

_acdctl() {
    local line words word said=() options=() cur skip=
    line=${COMP_LINE:0:COMP_POINT}
    read -ra words <<<"$line"
    [[ $line == *[[:space:]] ]] && words+=("")
    cur=${words[-1]}
    for word in "${words[@]:1:${#words[@]}-2}"; do
        case $skip$word in
            value*) options+=("$word") skip= ;;
            -s | --socket | --pub | --as | --timeout) options+=("$word") skip=value ;;
            -n) skip=dropped ;;
            dropped*) skip= ;;
            -*) ;;
            *) said+=("$word") ;;
        esac
    done
    mapfile -t COMPREPLY < <("${words[0]}" "${options[@]}" complete -- "${said[@]}" "$cur" 2>/dev/null)
    [[ ${said[0]} =~ ^(verify|backup|restore|compact)$ ]] && compopt -o dirnames
    # A "=" parts words for readline: it wants only what stands behind it.
    if [[ $cur == *=* && $COMP_WORDBREAKS == *=* ]]; then
        COMPREPLY=("${COMPREPLY[@]#"${cur%%=*}="}")
    fi
    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace
    return 0
}
complete -F _acdctl acdctl
