# bash completion for mailprobe: what can be typed is read from the program's own help, so it is never behind the program

_mailprobe_options() # "name value" lines
{
	"$1" help options 2>/dev/null | sed -n 's/^  \(-[A-Za-z0-9], \|    \)--\([a-z0-9-]*\) \{0,1\}\([^ ]*\).*/\2 \3/p'
}

_mailprobe()
{
	local program=${COMP_WORDS[0]} cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} value= commands

	COMPREPLY=()
	if [[ $prev == --* ]]; then
		value=$(_mailprobe_options "$program" | sed -n "s/^${prev#--} //p")
	elif [[ $prev == -o ]]; then
		value=FILE
	fi
	case $value in
	TARGET)
		COMPREPLY=($(compgen -W "$("$program" targets --quiet 2>/dev/null | sed -n "s/^\([a-z0-9.-]*-mx\) .*/\1/p")" -- "$cur"))
		return ;;
	WHAT)
		COMPREPLY=($(compgen -W "$("$program" help options 2>/dev/null | sed -n 's/^        \([a-z0-9]\{1,\}\) .*/\1/p')" -- "$cur"))
		return ;;
	FORM)
		COMPREPLY=($(compgen -W 'text json html markdown jsonl prometheus junit' -- "$cur"))
		return ;;
	*FILE*)
		COMPREPLY=($(compgen -f -- "$cur"))
		compopt -o filenames 2>/dev/null
		return ;;
	*'|'*)
		COMPREPLY=($(compgen -W "${value//|/ }" -- "$cur"))
		return ;;
	?*)
		return ;; # a name, an address, a number: nothing to offer
	esac
	if [[ $cur == -* ]]; then
		COMPREPLY=($(compgen -W "$(_mailprobe_options "$program" | sed 's/ .*//; s/^/--/')" -- "$cur"))
		return
	fi
	commands=$("$program" --help 2>/dev/null | sed -n '/^Commands:/,/^$/s/^  \([a-z]\{1,\}\).*/\1/p')
	case $prev in
	demo)
		COMPREPLY=($(compgen -W "$("$program" demo --list 2>/dev/null | sed -n 's/^  \([a-z0-9-]*\) .*/\1/p')" -- "$cur"))
		return ;;
	help)
		COMPREPLY=($(compgen -W "options checks causes $commands $({ "$program" help checks; "$program" help causes; } 2>/dev/null |
			sed -n 's/^  \([a-z][a-z0-9_.-]*\).*/\1/p')" -- "$cur"))
		return ;;
	replay | diff | explain)
		COMPREPLY=($(compgen -f -- "$cur"))
		compopt -o filenames 2>/dev/null
		return ;;
	esac
	if ((COMP_CWORD == 1)) || [[ $prev == watch ]]; then
		COMPREPLY=($(compgen -W "$commands" -- "$cur"))
	else
		COMPREPLY=($(compgen -f -- "$cur"))
		compopt -o filenames 2>/dev/null
	fi
}
complete -F _mailprobe mailprobe
