"""The words of street names, so that one spelled nearly right is found: a dictionary with keys, kept by triggers.

`meterbook_word_keys` gives a word's first five letters, whole and with one left out: two words whose beginnings are one
letter apart share a key. Needs no extension and no particular collation: words are compared byte by byte.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

UP = """
CREATE FUNCTION meterbook_word_keys(word text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT array_agg(DISTINCT key ORDER BY key) FROM (
        SELECT left(word, 5) AS key
        UNION ALL
        SELECT left(left(word, 5), at - 1) || substr(left(word, 5), at + 1)
          FROM generate_series(1, length(left(word, 5))) AS at) keys
$$;
CREATE FUNCTION meterbook_letter_words(words text) RETURNS SETOF text LANGUAGE sql STABLE STRICT AS $$
    SELECT word FROM unnest(tsvector_to_array(meterbook_search_words(words))) AS word WHERE word ~ '^[^0-9]{3,40}$'
$$;
CREATE FUNCTION meterbook_learn_streets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO places_streetword (word, keys)
    SELECT n.word, meterbook_word_keys(n.word)
      FROM (SELECT DISTINCT w.word FROM (SELECT DISTINCT street FROM fresh) f,
                   LATERAL meterbook_letter_words(f.street) AS w(word)) n
     WHERE NOT EXISTS (SELECT FROM places_streetword k WHERE k.word = n.word)
     ORDER BY n.word
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER streets_learned AFTER INSERT ON places_premise REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION meterbook_learn_streets();
CREATE TRIGGER streets_learned_anew AFTER UPDATE ON places_premise REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION meterbook_learn_streets();
INSERT INTO places_streetword (word, keys)
SELECT n.word, meterbook_word_keys(n.word)
  FROM (SELECT DISTINCT w.word FROM (SELECT DISTINCT street FROM places_premise) f,
               LATERAL meterbook_letter_words(f.street) AS w(word)) n;
"""
DOWN = """
DROP TRIGGER streets_learned_anew ON places_premise;
DROP TRIGGER streets_learned ON places_premise;
DROP FUNCTION meterbook_learn_streets();
DROP FUNCTION meterbook_letter_words(text);
DROP FUNCTION meterbook_word_keys(text);
"""


class Migration(migrations.Migration):
    dependencies = [("places", "0201_routes_and_rights")]
    operations = [
        migrations.CreateModel(
            name="StreetWord",
            fields=[
                ("word", models.CharField(max_length=40, primary_key=True, serialize=False)),
                (
                    "keys",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=5),
                        help_text="its first letters, whole and with one left out",
                        size=None,
                    ),
                ),
            ],
            options={
                "indexes": [django.contrib.postgres.indexes.GinIndex(fields=["keys"], name="places_streetword_keys")]
            },
        ),
        migrations.RunSQL(UP, DOWN),
    ]
