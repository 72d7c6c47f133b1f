"""The interview room: the web door, the telephone door, and answers in progress.

In comes a person with a code, a person without one, or an interviewer with a case; out
goes a submitted interview that the response room collects. Answers in progress are one
sealed document an interview. Nobody on the staff side but the interviewer in the call
opens one, and the interviewer sees only what was said in this call.
"""
