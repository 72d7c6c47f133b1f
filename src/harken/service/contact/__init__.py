"""Contact's workshop: letters, access codes, the call queue, outcomes, opt-outs.

In come issued cases; out go letters for the printing house, an opened case for the one
who holds a code or a lease, dispositions and rates. Managers run it, interviewers and
the helpdesk see one case at a time, and nobody browses people.
"""
