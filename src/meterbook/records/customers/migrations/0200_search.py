"""What Find needs to answer while the caller is still talking: words of names, last digits of phone numbers.

The function that splits text into words belongs to places, which has addresses to search.
"""

from django.db import migrations

UP = """
CREATE FUNCTION meterbook_last_digits(phone text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT reverse(translate(phone, translate(phone, '0123456789', ''), ''))
$$;
CREATE INDEX customers_person_words ON customers_person USING gin (meterbook_search_words(name));
CREATE INDEX customers_person_phone ON customers_person (meterbook_last_digits(phone) text_pattern_ops)
    WHERE phone <> '';
"""
DOWN = """
DROP INDEX customers_person_phone;
DROP INDEX customers_person_words;
DROP FUNCTION meterbook_last_digits(text);
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0004_initial"), ("places", "0200_search")]
    operations = [migrations.RunSQL(UP, DOWN)]
