-- One word for one outcome, the one that is typed. The members of a record stand in the order of
-- their names, and what a text quotes of one has backslashes in it.
UPDATE history SET outcome = 'timed-out', record = replace(record,
    '"outcome":"timed out","received":"', '"outcome":"timed-out","received":"')
    WHERE outcome = 'timed out';
