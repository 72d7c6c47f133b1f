"""The publication room: the public side of the house.

In: a study's latest results. Out: a release folder, its versions and their pages at
/results/. Everyone may read a published release; publishing asks for a permission and
obeys the study's embargo. It never reaches back to people.
"""
