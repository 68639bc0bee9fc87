# fish completion for mailprobe: what can be typed is read from the program's own help, so it is never behind the program

function __mailprobe_commands
	mailprobe --help 2>/dev/null | sed -n '/^Commands:/,/^$/s/^  \([a-z]\{1,\}\).*/\1/p'
end

complete -c mailprobe -n '__fish_is_first_token; or __fish_seen_subcommand_from watch' -f -a '(__mailprobe_commands)'
complete -c mailprobe -n '__fish_seen_subcommand_from demo' -f \
	-a '(mailprobe demo --list 2>/dev/null | sed -n "s/^  \([a-z0-9-]*\) .*/\1/p")'

complete -c mailprobe -n '__fish_seen_subcommand_from help' -f -a 'options checks causes (__mailprobe_commands)
	(begin; mailprobe help checks; mailprobe help causes; end 2>/dev/null | sed -n "s/^  \([a-z][a-z0-9_.-]*\).*/\1/p")'

for line in (mailprobe help options 2>/dev/null |
	sed -n 's/^  \(-[A-Za-z0-9], \|    \)--\([a-z0-9-]*\) \{0,1\}\([^ ]*\).*/\2 \3/p')
	set -l parts (string split -m 1 ' ' -- $line)
	switch $parts[2]
		case ''
			complete -c mailprobe -l $parts[1]
		case TARGET
			complete -c mailprobe -l $parts[1] -x -a '(mailprobe targets --quiet 2>/dev/null | sed -n "s/^\([a-z0-9.-]*-mx\) .*/\1/p")'
		case WHAT
			complete -c mailprobe -l $parts[1] -x -a '(mailprobe help options 2>/dev/null | sed -n "s/^        \([a-z0-9]\{1,\}\) .*/\1/p")'
		case FORM
			complete -c mailprobe -l $parts[1] -x -a 'text json html markdown jsonl prometheus junit'
		case '*FILE*'
			complete -c mailprobe -l $parts[1] -r -F
		case '*|*'
			complete -c mailprobe -l $parts[1] -x -a (string replace -a '|' ' ' -- $parts[2])
		case '*'
			complete -c mailprobe -l $parts[1] -x
	end
end
complete -c mailprobe -s o -r -F
