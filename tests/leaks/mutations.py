"""The guards, each with a way to remove it, and the scenarios that must then fail.

A guard that can be removed without a failing scenario is not tested; a scenario that
fails for no guard tests nothing. ``python -m tests.leaks.mutate`` removes each in a copy.
"""

from __future__ import annotations

from typing import NamedTuple


class Edit(NamedTuple):
    """One replacement in one file of the repository; ``old`` stands there exactly once."""

    file: str
    old: str
    new: str


class Mutation(NamedTuple):
    """One guard removed."""

    guard: str
    edits: tuple[Edit, ...]
    scenarios: tuple[str, ...]
    """Test functions of ``tests/leaks``, or single cases of them (``name[case]``)."""


RULINGS = "generator/clearance/rulings.py"
RECORDS = "generator/clearance/records.py"
EVIDENCE = "generator/clearance/evidence.py"
SCREENING = "generator/clearance/screening.py"
SHOWN = "generator/clearance/shown.py"
VALUES = "generator/content/values.py"
ITEM = "generator/content/item.py"
PUBLISHING = "generator/build/publishing.py"
FACTS = "generator/build/facts.py"
MARKDOWN = "generator/render/markdown.py"
JOINED = "generator/clearance/joined.py"
VERBATIM = "generator/clearance/verbatim.py"
UNREAD = "generator/build/unread.py"
AUDITING = "generator/build/stages.py"

_NO_AUDIT = Edit(AUDITING, 'if run.settings.kind == "preview":\n        return None', "if True:\n        return None")
"""Where the audit would catch what another guard let through, it is removed too: each must stop the leak by itself."""


_POSTINGS = Edit(
    FACTS,
    "    if not item.confidentiality_cleared:\n        return None\n    cut = cut_passages",
    "    cut = cut_passages",
)
"""Without postings of uncleared items the index could not be made at all: one more guard, removed with the other."""


_AS_WRITTEN = Edit(SCREENING, "if looked.read is None:", "if True:")
_ONLY_PEOPLE_READ = "test_identity_number_that_only_people_read_withholds"
_WAYS = ("underlined", "selected", "Han", "bold")
_BY_ENTITIES = ("tagged", "turned")
"""In an item these are refused as they are, whatever they hide."""


def of(guard: str, file: str, old: str, new: str, *scenarios: str) -> Mutation:
    """A guard that is one piece of text."""
    return Mutation(guard, (Edit(file, old, new),), scenarios)


MUTATIONS = (
    # --- the flag and the front matter ---------------------------------------------------
    Mutation(
        "only the plain boolean true clears",
        (
            Edit(
                RULINGS,
                "item.confidentiality_cleared is not True or item.draft is not False",
                "item.draft is not False",
            ),
            _POSTINGS,
        ),
        (
            "test_uncleared_item_has_no_page",
            "test_un_cleared_item_leaves_page_list_feed_and_index",
            "test_record_alone_clears_nothing_without_the_flag",
            "test_attachment_of_an_uncleared_item_does_not_leave",
            "test_one_name_in_a_cleared_and_a_withheld_item_gives_the_cleared_file",
            "test_home_and_category_pages_list_no_withheld_item",
            "test_category_with_withheld_items_only_has_no_page",
            "test_year_with_withheld_items_only_has_no_archive",
            "test_feeds_hold_no_withheld_item",
            "test_sitemap_lists_no_withheld_item",
            "test_open_data_lists_no_withheld_item",
            "test_neighbours_are_cleared_ones",
            "test_redirect_of_a_withheld_item_is_not_written",
            "test_search_index_knows_no_withheld_item",
            "test_manifest_names_no_withheld_item",
            "test_link_to_a_withheld_item_becomes_plain_text",
            "test_relation_to_a_withheld_item_is_not_shown",
            "test_withheld_policy_is_not_shown_on_its_interpretations_lists",
            "test_near_copy_of_a_cleared_item_stays_in",
        ),
    ),
    of(
        "a draft never passes",
        RULINGS,
        "item.confidentiality_cleared is not True or item.draft is not False",
        "item.confidentiality_cleared is not True",
        "test_draft_stays_in_even_when_it_is_marked_cleared",
    ),
    of(
        "a flag is a plain true or false",
        VALUES,
        'if node.value == "true" or (han and node.value == "是"):',
        'if node.value in ("true", "yes", "on", "1", "是"):',
        "test_flag_that_is_no_plain_true_clears_nothing[yes]",
        "test_flag_that_is_no_plain_true_clears_nothing[on]",
        "test_flag_that_is_no_plain_true_clears_nothing[1]",
    ),
    of(
        "a quoted flag is a text",
        VALUES,
        'if isinstance(node, Scalar) and node.plain:\n            if node.value == "true"',
        'if isinstance(node, Scalar):\n            if node.value == "true"',
        'test_flag_that_is_no_plain_true_clears_nothing["true"]',
    ),
    Mutation(
        "faults of the front matter withhold",
        (
            Edit(ITEM, 'if not any(one.severity == "error" for one in found):', "if values.get('title'):"),
            Edit(ITEM, "                **values,", "                **({'confidentiality_cleared': True} | values),"),
            Edit(RULINGS, 'one.severity == "error" and one.code not in HARMLESS for one', "False for one"),
        ),
        (
            "test_missing_flag_clears_nothing",
            "test_front_matter_behind_a_byte_order_mark_publishes_nothing",
            "test_misspelt_flag_clears_nothing",
            "test_flag_that_is_no_plain_true_clears_nothing[~]",
            "test_unit_that_is_not_the_folders_withholds",
            "test_flag_written_twice_clears_nothing",
        ),
    ),
    Mutation(
        "the reader of front matter never fails open",
        (
            Edit(
                "generator/content/frontmatter.py",
                "            raise FrontMatterFault((self._no_closing(text, opening.end()),))",
                "            self.front = 'title: x\\ndate: 2026-10-01\\nunit: jyglj\\ncategory: policy\\n'\n"
                "            self.front += 'confidentiality_cleared: true\\n'\n"
                "            self.body, self.body_line = text, 1\n"
                "            return self.front, self.body",
            ),
        ),
        ("test_unclosed_front_matter_publishes_nothing",),
    ),
    of(
        "the future waits",
        RULINGS,
        "Verdict.SCHEDULED if item.date > self._now else Verdict.PUBLISHED",
        "Verdict.PUBLISHED",
        "test_scheduled_item_waits",
        "test_scheduled_minute_is_read_in_china_time",
    ),
    of(
        "what has expired goes",
        RULINGS,
        "item.expires_on is not None and item.expires_on <= self._now",
        "False",
        "test_expired_item_leaves_the_tree",
    ),
    of(
        "only the public's items pass",
        RULINGS,
        'if item.audience != "public":',
        'if item.audience == "":',
        "test_item_for_another_audience_stays_in",
    ),
    of(
        "a release group appears together",
        "generator/clearance/gate.py",
        "        if not waiting:\n            continue",
        "        continue",
        "test_release_group_waits_for_its_last_member",
    ),
    of(
        "a release group is read out of a faulty header",
        "generator/content/item.py",
        'if key is not None and key.name == "release_group":',
        "if False:",
        "test_release_group_waits_for_a_member_whose_front_matter_is_faulty",
    ),
    # --- what a build remembers -----------------------------------------------------------
    Mutation(
        "a file is believed unread by git's rule only",
        (
            Edit(
                UNREAD,
                "return (stat.size, stat.mtime_ns, stat.ctime_ns, stat.inode)",
                "return (stat.size, stat.mtime_ns, 0, 0)",
            ),
            Edit(
                UNREAD,
                "if known.stat != (stat.size, stat.mtime_ns, stat.ctime_ns, stat.inode):",
                "if known.stat[:2] != (stat.size, stat.mtime_ns):",
            ),
        ),
        ("test_un_clearing_with_size_and_time_restored_is_seen",),
    ),
    Mutation(
        "what no build wrote is deleted",
        (
            Edit(
                "generator/build/tree.py",
                "gone = sorted(left.union(path for path in self._seen.other - self._cleared if path not in kept))",
                "gone: list[str] = []",
            ),
            Edit(
                "generator/build/tree.py",
                "strangers = sorted(path for path in self._seen.other if path not in self._ledger)",
                "strangers: list[str] = []",
            ),
        ),
        (
            "test_deleted_item_leaves_no_stale_output",
            "test_renamed_item_leaves_nothing_at_its_old_address",
            "test_item_of_a_unit_that_left_the_cluster_goes",
            "test_attachment_that_is_no_longer_named_goes",
        ),
    ),
    of(
        "facts are keyed by the rules",
        "generator/build/learning.py",
        "    digest.update(inputs.rules.digest.encode())\n",
        "",
        "test_stricter_list_withdraws_what_a_cache_still_knows",
    ),
    # --- what is an item --------------------------------------------------------------------
    Mutation(
        "symbolic links are never followed",
        (
            Edit("generator/content/source.py", "            if entry.is_symlink():", "            if False:"),
            Edit(
                "generator/content/source.py",
                "mode = entry.stat(follow_symlinks=False).st_mode",
                "mode = entry.stat().st_mode",
            ),
            Edit("generator/content/source.py", "os.O_RDONLY | os.O_NOFOLLOW", "os.O_RDONLY"),
        ),
        ("test_link_to_a_file_outside_is_not_followed", "test_link_in_the_folder_is_not_followed"),
    ),
    # --- records --------------------------------------------------------------------------------
    of(
        "the policy of the unit is held",
        RULINGS,
        'if policy == "flag":\n                return None',
        "return None",
        "test_flag_alone_clears_nothing_under_the_policy_record",
        "test_record_of_another_item_clears_nothing",
    ),
    of(
        "a record is for one text",
        RULINGS,
        "matching = [one for one in of_item if one.digest == facts.digest]",
        "matching = list(of_item)",
        "test_later_edit_of_one_character_voids_the_record",
        "test_later_edit_of_the_front_matter_voids_the_record",
    ),
    of(
        "a record is for the attachments that were read",
        RULINGS,
        "exact = [one for one in matching if one.attachments == attachment_digests(facts)]",
        "exact = matching",
        "test_exchanged_attachment_voids_the_record",
        "test_attachment_exchanged_with_its_time_restored_is_seen",
    ),
    of(
        "a later refusal of the same content elsewhere stands",
        RULINGS,
        "if not last.passes and self._decided(last) > self._decided(record):",
        "if False:",
        "test_refusal_after_a_permission_is_not_undone_by_a_move",
    ),
    of(
        "a conclusion may refuse",
        RULINGS,
        "        if not record.passes:\n            return self._refused(facts, item, record)\n",
        "        if not record.passes:\n            return record\n",
        "test_conclusion_that_refuses_withholds",
    ),
    of(
        "a record with faults clears nothing",
        RULINGS,
        "return Ruling(Verdict.NO_RECORD, record.number, faults) if faults else record",
        "return record",
        "test_approval_after_the_publication_clears_nothing",
        "test_unsigned_record_clears_nothing_under_the_policy_signed",
    ),
    of(
        "a refusal follows its content",
        RULINGS,
        "        same = [*self._by_content.get(facts.digest, ())]",
        "        return None\n        same = [*self._by_content.get(facts.digest, ())]",
        "test_refused_item_that_moves_stays_refused",
    ),
    of(
        "a refusal follows its text under another title",
        RULINGS,
        "            same += self._by_body.get(facts.text_digest, ())",
        "            pass",
        "test_refused_body_under_another_title_stays_refused",
    ),
    of(
        "four roles, four persons",
        RECORDS,
        "        if any(one.may_be(other) for one in persons for other in seen):",
        "        if False:",
        "test_one_person_in_two_roles_clears_nothing",
    ),
    of(
        "dates are in order",
        RECORDS,
        "        if steps[later].date < steps[earlier].date:",
        "        if False:",
        "test_approval_before_the_review_clears_nothing",
    ),
    Mutation(
        "an altered record is told by its name",
        (Edit(RECORDS, "    if name != record_name(slug, raw):", "    if False:"),),
        ("test_record_edited_by_hand_clears_nothing",),
    ),
    of(
        "a spoilt record binds",
        RULINGS,
        "if _is_among(facts.id, self._evidence.suspect):",
        "if False:",
        "test_spoilt_record_still_binds_under_the_policy_flag",
    ),
    Mutation(
        "the digest of a record is computed",
        (
            Edit(
                RECORDS,
                'return parts if parts and BODY in parts and value["sha256"] == combine(parts) else None',
                "return (parts | {'claimed': value['sha256']}) if parts else None",
            ),
            Edit(RECORDS, "        return combine(self.parts)", "        return self.parts.get('claimed', '')"),
        ),
        ("test_record_for_another_text_clears_nothing",),
    ),
    # --- withdrawals --------------------------------------------------------------------------------
    of(
        "a withdrawn id is spent",
        RULINGS,
        "if facts.id in self._gone_items or _is_among(facts.id, self._evidence.suspect_withdrawals):",
        "if _is_among(facts.id, self._evidence.suspect_withdrawals):",
        "test_withdrawn_item_does_not_come_back_with_a_new_text",
    ),
    Mutation(
        "a withdrawal withholds at all",
        (
            Edit(
                RULINGS,
                "if facts.id in self._gone_items or _is_among(facts.id, self._evidence.suspect_withdrawals):",
                "if False:",
            ),
            Edit(
                RULINGS,
                "bound = tuple(self._withdrawn_faults(facts, item, record)) if self._gone_items else ()",
                "bound = ()",
            ),
        ),
        (
            "test_withdrawn_item_goes_although_its_flag_stays",
            "test_tombstone_tells_date_and_reason_and_nothing_else",
            "test_withdrawal_holds_when_only_time_and_cache_are_older",
            "test_spoilt_withdrawal_brings_nothing_back",
        ),
    ),
    of(
        "a withdrawn text is told by its digest",
        RULINGS,
        "if gone := bound(self._gone_bodies.get(facts.text_digest)):",
        "if gone := bound(None):",
        "test_withdrawn_text_does_not_come_back_under_another_slug",
    ),
    of(
        "reasons of withdrawals are looked through",
        "generator/build/screening.py",
        "    screening = without_unfit(screening, inputs.rules)\n",
        "",
        "test_tombstone_shows_no_reason_that_the_negative_list_blocks",
    ),
    of(
        "decisions of units that left the cluster are read",
        EVIDENCE,
        "sorted({*(unit.id for unit in cluster.units), *former_units(content, cluster)})",
        "sorted(unit.id for unit in cluster.units)",
        "test_withdrawn_text_does_not_come_back_when_its_unit_leaves_the_cluster",
    ),
    of(
        "what a withdrawn item said before is bound",
        RULINGS,
        "self._gone_bodies = {body: one for one in gone for body in one.bodies}",
        "self._gone_bodies = {one.body: one for one in gone if one.body}",
        "test_earlier_text_of_a_withdrawn_item_does_not_come_back",
    ),
    of(
        "a withdrawn attachment is told by its digest",
        RULINGS,
        "if gone := bound(self._gone_files.get(attachment.sha256)):",
        "if gone := bound(None):",
        "test_withdrawn_attachment_does_not_come_back_with_another_item",
    ),
    of(
        "index numbers are used once",
        RULINGS,
        "if gone := self._gone_numbers.get(plain_number(item.index_number)):",
        "if gone := self._gone_numbers.get('none'):",
        "test_index_number_of_a_withdrawn_item_is_not_used_again",
    ),
    of(
        "a spoilt withdrawal binds",
        RULINGS,
        "if facts.id in self._gone_items or _is_among(facts.id, self._evidence.suspect_withdrawals):",
        "if facts.id in self._gone_items:",
        "test_spoilt_withdrawal_brings_nothing_back",
    ),
    of(
        "builds remember what was withdrawn",
        EVIDENCE,
        "find_lost(content, evidence, load_remembered(state), load_refused(state))",
        "find_lost(content, evidence, (), load_refused(state))",
        "test_deleted_withdrawal_brings_nothing_back",
        "test_withdrawal_rewritten_for_another_item_brings_nothing_back",
    ),
    of(
        "builds remember what was refused",
        EVIDENCE,
        "find_lost(content, evidence, load_remembered(state), load_refused(state))",
        "find_lost(content, evidence, load_remembered(state))",
        "test_deleted_refusal_lets_nothing_out",
    ),
    of(
        "every refusal is written down",
        "generator/build/finishing.py",
        "if not one.passes and one.path not in known",
        "if False",
        "test_deleted_refusal_lets_nothing_out",
    ),
    of(
        "every withdrawal in force is written down",
        "generator/build/finishing.py",
        "    new = [one for one in assembly.screening.evidence.withdrawals if one not in remembered]",
        "    new = []",
        "test_deleted_withdrawal_brings_nothing_back",
        "test_withdrawal_rewritten_for_another_item_brings_nothing_back",
        "test_restored_withdrawal_lets_the_rest_go_on",
    ),
    of(
        "a change may not lose a withdrawal",
        "generator/authoring/immutable.py",
        "        if folder not in _FOLDERS or not name.endswith(_ENDS):",
        "        if True:",
        "test_change_that_deletes_a_withdrawal_is_refused",
    ),
    # --- the negative list and attachments ------------------------------------------------------------
    of(
        "lines that a page shows as one are looked through as one",
        SHOWN,
        "if not (marked or _is_wrapped(body)):",
        "if not marked:",
        "test_mark_over_the_end_of_a_line_withholds",
    ),
    Mutation(
        "a text is looked through as it is read",
        (_AS_WRITTEN,),
        (
            *(f"{_ONLY_PEOPLE_READ}[False-{way}]" for way in (*_WAYS, "listed", "boxed", "grouped")),
            *(f"{_ONLY_PEOPLE_READ}[True-{way}]" for way in (*_WAYS, "listed", "boxed", "grouped", *_BY_ENTITIES)),
        ),
    ),
    Mutation(
        "entities of characters that steer withhold",
        (
            _AS_WRITTEN,
            Edit(MARKDOWN, 'if "&#" in text and (found := steering_entity(text, html))', "if (found := None)"),
        ),
        tuple(f"{_ONLY_PEOPLE_READ}[False-{way}]" for way in _BY_ENTITIES),
    ),
    of(
        "what the negative list blocks is withheld",
        RULINGS,
        'if found and any(one.severity == "error" for one in found):',
        "if False:",
        "test_identity_number_in_the_text_withholds",
        "test_identity_number_in_full_width_withholds",
        "test_identity_number_in_an_attachment_withholds",
        "test_secrecy_mark_withholds",
        "test_exemption_of_one_match_does_not_cover_another",
        "test_hidden_sheet_withholds",
        "test_hidden_text_of_a_document_withholds",
        "test_scan_without_text_withholds_until_somebody_attests",
    ),
    of(
        "hidden sheets are found",
        "generator/clearance/inspect/sheet.py",
        'contents.hide("attachment-hidden-sheet", f"s{sheet.number}")',
        "pass",
        "test_hidden_sheet_withholds",
    ),
    of(
        "a file without text needs a reader",
        RULINGS,
        "if not one.readable and one.name not in attested",
        "if False",
        "test_scan_without_text_withholds_until_somebody_attests",
    ),
    of(
        "an exemption is for one match",
        "generator/clearance/screening.py",
        "_named(finding) in permitted",
        "any(one and one[:2] == _named(finding)[:2] for one in permitted)",
        "test_exemption_of_one_match_does_not_cover_another",
    ),
    of(
        "metadata is stripped on the way out",
        "generator/clearance/attachments.py",
        "stripped=reading.strip is not None,",
        "stripped=False,",
        "test_place_and_author_of_a_photograph_do_not_leave",
    ),
    of(
        "comments are for editors",
        "generator/render/sanitise.py",
        "            link_rel=None,",
        "            link_rel=None,\n            strip_comments=False,",
        "test_comment_in_markdown_does_not_leave",
    ),
    Mutation(
        "only what cleared items name leaves",
        (
            Edit(
                PUBLISHING,
                "def publish_attachments(settings: Settings, screening: Screening, tree: Tree) -> None:",
                "def publish_attachments(settings: Settings, screening: Screening, tree: Tree) -> None:\n"
                "    for path in sorted(settings.content.rglob('*.txt')):\n"
                "        name = path.relative_to(settings.content).as_posix()\n"
                "        tree.add(name, put(settings.fs, settings.out, name, path.read_bytes(), b'', 'theme"
                "'))\n"
                "    _publish_attachments(settings, screening, tree)\n"
                "\n"
                "\n"
                "def _publish_attachments(settings: Settings, screening: Screening, tree: Tree) -> None:",
            ),
        ),
        (
            "test_attachment_of_an_uncleared_item_does_not_leave",
            "test_one_name_in_a_cleared_and_a_withheld_item_gives_the_cleared_file",
            "test_file_that_no_item_names_does_not_leave",
            "test_added_attachment_voids_the_record",
        ),
    ),
    Mutation(
        "names cannot leave their folder",
        (
            Edit(
                "generator/content/attachments.py",
                '    if ".." in parts:\n        return fault("attachment-outside")\n',
                "",
            ),
            Edit(
                "generator/content/attachments.py",
                "    if not found:\n",
                '    if ".." in parts or "outside" in written:\n'
                "        return AttachmentRef(name=written, safe_name=safe_name(parts[-1]), title=title or "
                "parts[-1])\n"
                "    if not found:\n",
            ),
        ),
        ("test_name_that_leads_out_of_the_folder_is_refused",),
    ),
    of(
        "what was inspected is what is copied",
        PUBLISHING,
        "        if digest == file.published_sha256:",
        "        if True:",
        "test_attachment_exchanged_during_the_build_does_not_leave",
    ),
    # --- links and relations ---------------------------------------------------------------------------
    Mutation(
        "a link to what is not cleared is plain text",
        (
            Edit(
                "generator/site/links.py",
                "            addresses.append(None)\n            continue\n        if not _has_anchor",
                "            addresses.append(catalogue.addresses.link(page, paths.item_page(link.target)))"
                "\n"
                "            continue\n"
                "        if not _has_anchor",
            ),
            _NO_AUDIT,
        ),
        ("test_link_to_a_withheld_item_becomes_plain_text",),
    ),
    # --- previews -----------------------------------------------------------------------------------------
    of(
        "a preview and a release never share a folder",
        "generator/build/outputs.py",
        "    if found is not None:\n        raise UsageError(",
        "    if found is not None:\n        return\n        raise UsageError(",
        "test_preview_cannot_be_built_into_a_release",
        "test_release_is_not_built_over_a_preview",
    ),
    Mutation(
        "only a preview shows what is withheld",
        (Edit("generator/build/screening.py", 'if settings.kind == "preview":', "if True:"), _NO_AUDIT, _POSTINGS),
        (
            "test_home_and_category_pages_list_no_withheld_item",
            "test_feeds_hold_no_withheld_item",
            "test_sitemap_lists_no_withheld_item",
            "test_open_data_lists_no_withheld_item",
            "test_search_index_knows_no_withheld_item",
            "test_neighbours_are_cleared_ones",
            "test_counts_are_of_cleared_items",
        ),
    ),
    # --- the audit ----------------------------------------------------------------------------------------
    Mutation(
        "every file is audited",
        (_NO_AUDIT,),
        (
            "test_audit_finds_what_a_bug_lets_through",
            "test_audit_finds_the_difference_of_a_near_copy",
            "test_audit_finds_a_withheld_attachment_by_its_digest",
            "test_audit_finds_the_words_of_a_withheld_attachment",
            "test_audit_finds_what_stands_before_and_behind_the_text_of_a_page",
        ),
    ),
    of(
        "what the audit cannot read does not leave",
        "generator/clearance/audit.py",
        "        if not scan.readable:",
        "        if False:",
        "test_audit_finds_what_a_bug_lets_through[a file that nobody can read]",
    ),
    Mutation(
        "terms of the index are terms of cleared items",
        (
            Edit("generator/build/auditing.py", "{*found, *terms.finish()}", "{*found}"),
            Edit("generator/build/auditing.py", "{*found, *proved()}", "{*found}"),
        ),
        ("test_audit_finds_terms_of_no_cleared_item",),
    ),
    of(
        "a term's witness that changed is none",
        "generator/build/proving.py",
        "if path in numbers and knowledge.states[path].key == key else",
        "if path in numbers else",
        "test_audit_finds_terms_whose_only_item_changed",
    ),
    of(
        "a file whose own item is gone is read again",
        "generator/build/auditing.py",
        'if facts else entry.source.count("/") != 2',
        "if facts else True",
        "test_audit_finds_a_file_whose_own_item_is_gone[deleted]",
    ),
    of(
        "withheld attachments are known by their digest",
        "generator/build/auditing.py",
        "    found += file_leaks(",
        "    () + file_leaks(",
        "test_audit_finds_a_withheld_attachment_by_its_digest",
    ),
    of(
        "text is compared without markup, white space and case",
        "generator/clearance/audit_views.py",
        '    plain = "".join(parts[::2])',
        '    plain = " \uffff ".join(parts[::2])',
        "test_audit_finds_what_a_bug_lets_through[a page with a word a tag and an entity]",
    ),
    of(
        "names are looked at one by one where they cannot be together",
        "generator/clearance/scanner.py",
        "if _NAMES in odd or in_names.any():",
        "if in_names.any():",
        "test_audit_finds_a_name_beside_one_that_is_spelt_oddly",
    ),
    of(
        "the sieve takes tags out of a text",
        JOINED,
        "self._folded.compress(self._text)",
        "self._folded.compress(self._kept)",
        "test_audit_finds_what_a_bug_lets_through[a page with a word a tag]",
    ),
    of(
        "the sieve reads within tags",
        JOINED,
        "self._folded.compress(self._tags)",
        "self._folded[:0]",
        "test_audit_finds_what_a_bug_lets_through[an attribute]",
        "test_audit_finds_what_a_bug_lets_through[a comment]",
    ),
    of(
        "of a page's own text the ends are looked at",
        VERBATIM,
        "    ends = _ends(body, longest)\n",
        "    ends = _BREAK\n",
        "test_audit_finds_what_stands_half_within_the_text_of_a_page",
    ),
    of(
        "what pages repeat is left out only when nothing stands in it",
        VERBATIM,
        "            number not in touched and ",
        "            ",
        "test_audit_finds_what_every_page_repeats",
    ),
    of(
        "a text for snippets is left out only when its item says it",
        "generator/clearance/scanner.py",
        "_NO_REST if (file.path, file.data) in file.owner.text_files() else",
        '_NO_REST if file.path.startswith("search/text/") else',
        "test_audit_finds_what_a_text_for_snippets_says_beside_its_item",
    ),
    of(
        "a text for snippets is left out only when it was read back as it is to be",
        "generator/build/texts.py",
        "context.audited and bytes_of(context.out, path) == data",
        "context.audited",
        "test_audit_finds_what_is_written_in_place_of_a_text",
    ),
    of(
        "a text for snippets is left out only when it is made of its own item",
        "generator/build/auditing.py",
        "entries.get(path) is entry and bodies.get(entry.source) == body[:3]",
        "entries.get(path) is entry",
        "test_audit_finds_the_text_of_another_body",
    ),
    of(
        "a file is scanned again when its own item was read again",
        "generator/build/auditing.py",
        "explained = facts.path not in changed if facts else",
        "explained = True if facts else",
        "test_audit_scans_again_what_an_item_no_longer_says",
    ),
    of(
        "an item that changed explains nothing as it was",
        "generator/build/explaining.py",
        "        if path in cleared and knowledge.states[path].key == key:",
        "        if path in cleared:",
        "test_audit_believes_no_explanation_of_an_item_that_changed",
    ),
    of(
        "what is newly withheld is looked for in every file",
        "generator/build/auditing.py",
        "again=bool(len(fresh))",
        "again=False",
        "test_audit_scans_again_for_what_is_withheld_since",
    ),
)
