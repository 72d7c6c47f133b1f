"""Sampling's workshop: sample files in, cases out.

In comes a force's sample file as a stream; its identities go straight to the vault,
sealed, and what leaves is cases with design variables only, counts of the excluded and
a recorded draw. Managers open the door; contact, interview and response read the cases.
"""
