"""What Find needs of places: any word of a service address, and parcel numbers from their first digits.

`meterbook_search_words` splits text into lower-case words without accents; a GIN index on it answers "begins with"
for every word at once. It needs no extension and no particular collation.
"""

from django.db import migrations

UP = """
CREATE FUNCTION meterbook_search_text(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT lower(translate(words,
        'ÁÀÂÄÃÉÈÊËÍÌÎÏÓÒÔÖÕÚÙÛÜÑÇáàâäãéèêëíìîïóòôöõúùûüñç.,;:-_/\\''"’&#()+*@',
        'AAAAAEEEEIIIIOOOOOUUUUNCaaaaaeeeeiiiiooooouuuunc                    '))
$$;
CREATE FUNCTION meterbook_search_words(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT to_tsvector('pg_catalog.simple'::regconfig, 
        -- not a call of meterbook_search_text: index builds run with a search path of their own
        lower(translate(words,
        'ÁÀÂÄÃÉÈÊËÍÌÎÏÓÒÔÖÕÚÙÛÜÑÇáàâäãéèêëíìîïóòôöõúùûüñç.,;:-_/\\''"’&#()+*@',
        'AAAAAEEEEIIIIOOOOOUUUUNCaaaaaeeeeiiiiooooouuuunc                    ')))
$$;
CREATE INDEX places_premise_words ON places_premise
    USING gin (meterbook_search_words(street_number || ' ' || street || ' ' || unit));
CREATE INDEX places_parcel_number ON places_parcel (upper(number) text_pattern_ops);
"""
DOWN = """
DROP INDEX places_parcel_number;
DROP INDEX places_premise_words;
DROP FUNCTION meterbook_search_words(text);
DROP FUNCTION meterbook_search_text(text);
"""


class Migration(migrations.Migration):
    dependencies = [("places", "0002_initial")]
    operations = [migrations.RunSQL(UP, DOWN)]
