-- One word for one outcome, the one that is typed.
UPDATE history SET outcome = 'timed-out', record = json_set(record, '$.outcome', 'timed-out')
    WHERE outcome = 'timed out';
