"""Which test proves which requirement of privacy, by its own name: what an auditor reads.

``file::test`` for a test, ``file::function`` for a part of a benchmark. A test holds that
each is there and that its file's header names the requirement.
"""

from __future__ import annotations

FORENSIC = "tests/forensic/test_forensic.py"
BENCH = "bench/forensic.py"
VAULT = "bench/vault.py"
CRASH = "tests/service/vault/test_crash.py"
STOPPED = "tests/service/anonymisation/test_stopped.py"
HOLDER = "tests/service/vault/test_keyholder.py"
PLACES = "tests/service/vault/test_holders.py"
TRANSIT = "tests/service/vault/test_transit.py"
PROMISE = "tests/service/vault/test_promise.py"
COHORTS = "tests/service/vault/test_cohorts.py"
PARTS = "tests/service/anonymisation/test_parts.py"
PROMISED = "tests/method/anonymisation/test_promises.py"
AGAIN = "tests/service/contact/test_again.py"
CUSTODY = "tests/service/vault/test_custody.py"
DESTROY = "tests/service/anonymisation/test_destruction.py"
AFTERWARDS = "tests/service/anonymisation/test_afterwards.py"
GONE = "tests/service/anonymisation/test_what_is_gone.py"
OVERDUE = "tests/service/anonymisation/test_overdue.py"
WITNESSED = "tests/service/anonymisation/test_witnessed.py"
VERIFY = "tests/method/anonymisation/test_verifiers.py"
WITNESS = "tests/method/ledger/test_witness.py"
SERVED = "tests/service/ledger/test_witness.py"
GATE = "tests/method/anonymisation/test_gate.py"
KEEPING = "tests/service/anonymisation/test_keeping.py"
START = "tests/service/pages/test_headers.py"
ANSWERS = "tests/service/pages/test_every_answer.py"
ACCESS = "tests/service/accounts/test_access.py"
OBJECTS = "tests/service/accounts/test_objects.py"
PROOFS = "tests/service/accounts/test_proofs.py"
SIGN_IN = "tests/service/accounts/test_sign_in.py"
EMERGENCY = "tests/service/rights/test_emergency.py"
REVIEW = "tests/service/rights/test_review.py"
DESK = "tests/service/redaction/test_desk.py"
DEMO = "tests/service/rehearsal/test_demo.py"
LISTS = "tests/architecture/test_checklists.py"
BROWSER = "tests/journeys/test_web.py"
DOOR = "tests/service/interview/test_web_door.py"
RETURNING = "tests/service/interview/test_returning.py"
NOT_LOST = "tests/service/interview/test_nothing_lost.py"
SAFE = "tests/service/interview/test_safe_pages.py"

TESTS: dict[int, tuple[str, ...]] = {
    1: (
        f"{FORENSIC}::test_no_name_is_in_any_file_of_the_house",
        f"{FORENSIC}::test_each_sabotage_is_caught",
        f"{FORENSIC}::test_a_name_is_found_however_it_is_written",
        f"{BENCH}::on_sqlite",
        f"{BENCH}::on_postgres",
    ),
    2: (f"{BENCH}::on_raw_disk",),
    3: (f"{START}::test_sqlite_without_its_pragmas_is_refused",),
    4: (f"{START}::test_a_server_that_logs_values_is_refused",),
    5: (
        "tests/service/vault/test_statistics.py::test_the_planner_keeps_no_sample_of_who_people_are",
        f"{BENCH}::on_postgres",
    ),
    6: (
        f"{BENCH}::on_large_upload",
        f"{FORENSIC}::test_no_name_is_in_any_file_of_the_house",
    ),
    7: (f"{FORENSIC}::test_no_name_is_in_any_file_of_the_house",),
    8: (
        f"{START}::test_debugging_is_not_a_setting_of_the_environment",
        f"{START}::test_an_unsafe_start_is_refused",
    ),
    9: (
        f"{VAULT}::rotations",
        f"{HOLDER}::test_a_withdrawal_refuses_at_once_and_the_rotation_starts_the_holder_anew",
        f"{CUSTODY}::test_a_withdrawn_person_is_refused_at_once_and_dead_after_the_rotation",
    ),
    10: (f"{VAULT}::rotations",),
    11: (f"{VAULT}::rotations",),
    12: (
        f"{CRASH}::test_old_keyring_files_and_todays_keys_open_nobody_who_left",
        f"{PLACES}::test_when_the_controller_destroys_its_half_every_copy_is_dead",
        f"{TRANSIT}::test_a_copied_slot_is_dead_once_the_server_has_deleted_its_key",
        f"{DEMO}::test_nobody_destroyed_is_found_and_the_willing_can_be_reached",
    ),
    13: (
        f"{CRASH}::test_stopped_at_every_step_and_three_times_again_it_ends_the_same",
        f"{STOPPED}::test_a_destruction_stopped_anywhere_ends_with_one_certificate",
        "tests/method/vault/test_keyring.py::test_a_torn_tail_is_discarded_and_all_before_it_kept",
    ),
    14: (f"{VAULT}::kills", f"{CRASH}::test_killed_at_any_moment_it_ends_the_same"),
    15: (
        f"{CRASH}::test_a_full_disk_stops_it_and_room_lets_it_go_on",
        f"{CRASH}::test_a_folder_that_cannot_be_written_loses_nothing",
        f"{PLACES}::test_without_its_witness_a_rotation_stops_and_goes_on_later",
        f"{TRANSIT}::test_what_cannot_be_used_is_a_clear_error_and_nothing_is_cleared",
        "tests/service/interview/test_holder_gone.py"
        "::test_a_respondent_sees_a_calm_page_and_goes_on_where_they_were",
    ),
    16: (
        f"{CRASH}::test_stopped_at_every_step_and_three_times_again_it_ends_the_same",
        f"{PLACES}::test_a_module_keeps_what_opens_the_slot",
        f"{TRANSIT}::test_a_copied_slot_is_dead_once_the_server_has_deleted_its_key",
    ),
    17: (
        f"{PROMISE}::test_at_the_promised_hour_everything_is_refused_whatever_the_caller_says",
        f"{CUSTODY}::test_after_the_promised_day_nothing_opens",
        f"{WITNESSED}::test_a_broken_promise_is_an_alarm_with_its_own_exit_code",
        f"{DESTROY}::test_late_destruction_says_so_on_its_certificate",
        f"{OVERDUE}::test_what_nobody_can_read_any_more_holds_no_destruction_up",
        f"{COHORTS}::test_after_their_day_the_first_are_refused_and_the_later_open",
        f"{PARTS}::test_the_first_are_destroyed_on_their_day_and_the_later_go_on",
        f"{PARTS}::test_first_ones_destroyed_after_their_day_are_called_late",
    ),
    18: (
        f"{PROMISE}::test_a_clock_set_back_opens_nothing_until_it_is_right_again",
        f"{PROMISE}::test_a_clock_set_back_after_the_day_brings_nothing_back",
    ),
    19: (
        f"{PROMISE}::test_only_the_controller_extends_a_promise_and_only_in_time",
        f"{PROMISE}::test_a_promise_without_a_controller_is_never_extended",
        f"{PROMISED}::test_a_ledger_with_a_lie_is_refused_by_both_for_the_same_reason",
        f"{CUSTODY}::test_a_later_edit_of_the_study_does_not_move_the_day",
    ),
    20: (
        f"{DESTROY}::test_those_destroyed_are_unreadable_and_those_kept_can_be_contacted",
        f"{GONE}::test_of_those_kept_no_key_is_left_but_that_of_their_contact",
        f"{CUSTODY}::test_after_the_promised_day_recontact_waits_for_the_rotation_then_opens",
        f"{CUSTODY}::test_a_copy_of_what_is_held_reaches_those_kept_and_nobody_else",
        f"{AGAIN}::test_one_person_is_opened_for_one_purpose_and_reached_once",
    ),
    21: (
        f"{DESTROY}::test_those_kept_die_at_their_own_date",
        f"{AFTERWARDS}::test_a_consent_ends_at_its_own_date_and_is_counted_as_destroyed",
        f"{AFTERWARDS}::test_when_all_who_agreed_have_left_no_key_is_kept_for_nobody",
        f"{CUSTODY}::test_recontact_needs_the_persons_own_consent_and_ends_at_its_date",
        f"{AGAIN}::test_their_own_day_the_purposes_and_the_last_day_of_all_are_kept",
    ),
    22: (
        f"{HOLDER}::test_a_withdrawal_refuses_at_once_and_the_rotation_starts_the_holder_anew",
    ),
    23: (f"{HOLDER}::test_the_same_user_can_neither_read_its_memory_nor_make_it_dump",),
    24: (
        f"{VERIFY}::test_a_hundred_thousand_people_are_verified_within_three_seconds",
        f"{VERIFY}::test_both_are_programs_that_a_stranger_can_run",
        f"{VERIFY}::test_one_who_was_kept_may_leave_later_and_the_promise_was_kept_all_the_same",
        f"{AFTERWARDS}::test_one_who_leaves_later_makes_no_certificate_false_or_late",
        f"{DEMO}::test_the_certificate_verifies_with_nothing_but_itself_and_the_key",
        f"{VAULT}::verifying",
    ),
    25: (
        f"{VERIFY}::test_the_eleven_falsifications_are_rejected_by_both",
        f"{VERIFY}::test_a_thousand_single_bits_cannot_be_changed",
    ),
    26: (
        f"{WITNESS}::test_every_way_to_tamper_is_caught_by_what_the_witness_saw",
        f"{SERVED}::test_a_house_restored_from_an_old_copy_is_caught",
        f"{VERIFY}::test_a_forger_gets_no_further_without_the_witness_key",
    ),
    27: (
        f"{WITNESS}::test_the_second_of_two_checkpoints_of_a_forked_ledger_is_refused",
        f"{SERVED}::test_a_witness_keeps_what_it_saw_before_it_answers",
    ),
    28: (
        f"{WITNESSED}::test_neither_ledger_nor_certificate_nor_plan_names_anybody",
        f"{FORENSIC}::test_no_name_is_in_any_file_of_the_house",
    ),
    29: (
        f"{DESTROY}::test_a_certificate_stays_provisional_until_each_recipient_confirmed",
        f"{VERIFY}::test_what_certify_would_not_write_is_rejected_by_both",
    ),
    30: (f"{VERIFY}::test_the_two_verifiers_agree_on_a_hundred_bundles",),
    31: (
        "tests/service/anonymisation/test_canaries.py"
        "::test_the_canaries_are_produced_before_and_by_nobody_afterwards",
    ),
    32: (
        "tests/service/response/test_linkage.py"
        "::test_neither_identifiers_nor_order_nor_time_nor_size_join_them",
        "bench/linkage.py::main",
    ),
    33: (
        "tests/service/response/test_linkage.py"
        "::test_neither_identifiers_nor_order_nor_time_nor_size_join_them",
        f"{DESTROY}::test_how_a_questionnaire_was_filled_in_is_forgotten_and_no_other_studys",
    ),
    34: (
        f"{PROMISE}::test_the_length_of_what_is_sealed_tells_no_name",
        "tests/method/vault/test_envelope.py::test_the_length_tells_nothing_within_a_block",
    ),
    35: (
        "tests/service/rights/test_requests.py"
        "::test_after_the_link_is_gone_we_cannot_identify_and_name_the_certificate",
        "tests/service/rights/test_whose.py"
        "::test_after_the_destruction_no_fact_finds_anybody_and_the_certificate_says_so",
    ),
    36: (
        f"{PROMISE}::test_without_the_pepper_a_mark_is_no_list_of_telephone_numbers",
        "tests/method/vault/test_crowd.py::test_copies_carry_keys_and_marks_or_those_of_the_contact_alone",
    ),
    37: (
        f"{GATE}::test_every_record_of_every_proposal_is_checked_by_counting",
        f"{KEEPING}::test_a_file_is_written_only_when_every_record_passes",
        f"{KEEPING}::test_a_destruction_waits_for_the_judgement_of_the_answers_as_they_are",
    ),
    38: (
        f"{GATE}::test_what_is_not_declared_is_refused",
        f"{KEEPING}::test_too_few_records_or_an_undeclared_column_or_no_frame_is_refused",
    ),
    39: (f"{GATE}::test_a_motivated_intruder_with_the_frame_confirms_nobody",),
    40: (
        "bench/differencing.py::measure",
        "tests/method/disclosure/test_differencing.py"
        "::test_no_pair_of_tables_gives_a_small_cell_away",
    ),
    41: (
        f"{DESK}::test_two_days_before_the_promise_the_unread_is_destroyed",
        f"{DESK}::test_read_texts_cross_as_new_rows_without_offsets_and_leave_nothing_behind",
        f"{KEEPING}::test_a_file_is_written_only_when_every_record_passes",
    ),
    42: (
        "bench/redaction.py::measure",
        f"{DESK}::test_only_the_own_words_may_be_kept_and_what_is_sure_must_go",
    ),
    48: (f"{BROWSER}::test_a_code_after_the_hash_is_taken_out_of_the_address",),
    49: ("bench/leaving.py::left", "bench/leaving.py::measure"),
    50: (
        f"{BROWSER}::test_without_script_the_exit_button_still_leaves",
        f"{NOT_LOST}::test_a_cookie_kept_by_somebody_opens_nothing_after_the_exit",
    ),
    51: (f"{DOOR}::test_a_letter_s_code_alone_never_shows_earlier_answers",),
    52: (f"{RETURNING}::test_five_wrong_pins_start_the_interview_anew",),
    54: (
        f"{BROWSER}::test_a_whole_interview_with_a_letter",
        f"{BROWSER}::test_nothing_is_wider_than_the_screen_at_400_per_cent",
    ),
    56: (
        f"{ACCESS}::test_a_role_without_the_permission_is_refused",
        f"{ACCESS}::test_every_staff_address_names_the_permission_it_needs",
        f"{ACCESS}::test_each_role_may_do_the_work_that_was_decided_and_no_more",
        f"{ACCESS}::test_the_roles_keep_apart_what_must_be_apart",
        f"{OBJECTS}::test_every_role_at_every_object_its_own_and_anothers",
        f"{OBJECTS}::test_what_a_colleague_holds_is_not_ones_own",
    ),
    57: (
        f"{HOLDER}::test_an_interviewer_who_tries_one_case_after_another_gets_one",
        "tests/service/accounts/test_watch.py"
        "::test_an_interviewer_who_steps_through_handles_opens_one_case_and_is_stopped",
    ),
    58: (
        "tests/service/accounts/test_grants.py"
        "::test_an_analysts_credentials_reach_no_identity_on_postgresql",
    ),
    59: (
        f"{PROMISE}::test_nobody_opens_more_than_the_hours_share",
        f"{PROMISE}::test_invented_names_do_not_lift_the_limit_of_all",
        f"{HOLDER}::test_no_way_to_ask_for_an_identity_but_with_purpose_and_role",
    ),
    60: (
        f"{SIGN_IN}::test_password_alone_opens_nothing_for_any_role",
        f"{SIGN_IN}::test_ways_round_the_second_factor_have_no_address",
        f"{PROOFS}::test_single_sign_on_replaces_the_password_and_never_the_second_factor",
        f"{PROOFS}::test_an_identity_token_that_is_not_right_signs_nobody_in",
    ),
    61: (
        f"{PROOFS}::test_a_copied_cookie_is_dead_within_a_second",
        f"{SIGN_IN}::test_a_stolen_cookie_dies_with_sign_out",
        f"{SIGN_IN}::test_a_session_dies_when_its_account_changes",
    ),
    62: (
        f"{EMERGENCY}::test_nothing_opens_before_a_second_person_and_after_thirty_minutes",
        f"{EMERGENCY}::test_the_controller_hears_at_once_and_of_nobody_by_name",
        f"{REVIEW}::test_a_third_person_reviews_it_once_when_it_is_over",
        f"{REVIEW}::test_the_clock_and_the_alarm_run_from_the_first_opening",
    ),
    63: (
        f"{EMERGENCY}::test_no_path_exports_identities_in_bulk",
        f"{EMERGENCY}::test_no_role_may_open_more_than_its_own_kind_of_work",
        f"{CUSTODY}::test_nothing_but_a_print_run_opens_several",
        f"{CUSTODY}::test_those_kept_are_opened_one_at_a_time_and_few_in_an_hour",
        f"{AGAIN}::test_a_form_sent_twice_at_once_lends_one_person",
    ),
    64: (
        f"{ANSWERS}::test_every_answer_of_every_address_carries_them",
        f"{ANSWERS}::test_over_https_cookies_are_bound_to_the_host",
    ),
    65: (
        f"{LISTS}::test_every_locked_dependency_has_its_hash",
        f"{LISTS}::test_a_locked_version_in_an_advisory_is_found",
        f"{LISTS}::test_a_registry_is_asked_for_what_it_knows_of_each_version",
        "bench/advisories.py::audit",
        "bench/advisories.py::ask",
    ),
    66: (
        f"{LISTS}::test_every_row_of_the_security_checklist_is_answered_once",
        f"{LISTS}::test_every_test_named_exists_and_every_deviation_is_explained",
    ),
    67: (f"{VAULT}::restoring",),
    68: (
        f"{PLACES}::test_one_of_two_places_may_be_lost_and_it_is_seen",
        f"{PLACES}::test_without_its_witness_a_rotation_stops_and_goes_on_later",
    ),
}
