"""Staff: who they are, how they sign in, and what each role may do.

In come a manager's invitations and people's sign-ins; out go actors with a label and a
role. Any service room may ask ``permissions``; only managers and the operator change staff.
"""
