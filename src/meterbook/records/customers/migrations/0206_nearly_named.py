"""What Find needs besides whole words: words of names spelled nearly right, mailing addresses, e-mail addresses.

The dictionary of names is kept like that of streets (places 0202). A mailing address is searched without its last line,
where city and postal code stand: nearly everybody's is the same.
"""

from django.db import migrations

UP = """
CREATE FUNCTION meterbook_learn_names() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO customers_nameword (word, keys)
    SELECT n.word, meterbook_word_keys(n.word)
      FROM (SELECT DISTINCT w.word FROM fresh f, LATERAL meterbook_letter_words(f.name) AS w(word)) n
     WHERE NOT EXISTS (SELECT FROM customers_nameword k WHERE k.word = n.word)
     ORDER BY n.word
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER names_learned AFTER INSERT ON customers_person REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION meterbook_learn_names();
CREATE TRIGGER names_learned_anew AFTER UPDATE ON customers_person REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION meterbook_learn_names();
INSERT INTO customers_nameword (word, keys)
SELECT n.word, meterbook_word_keys(n.word)
  FROM (SELECT DISTINCT w.word FROM customers_person p, LATERAL meterbook_letter_words(p.name) AS w(word)) n;

CREATE FUNCTION meterbook_mail_words(lines jsonb) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT to_tsvector('pg_catalog.simple'::regconfig,
        -- not a call of meterbook_search_text: index builds run with a search path of their own
        lower(translate((CASE WHEN jsonb_array_length(lines) > 1 THEN lines - (-1) ELSE lines END)::text,
        'ÁÀÂÄÃÉÈÊËÍÌÎÏÓÒÔÖÕÚÙÛÜÑÇáàâäãéèêëíìîïóòôöõúùûüñç.,;:-_/\\''"’&#()+*@[]',
        'AAAAAEEEEIIIIOOOOOUUUUNCaaaaaeeeeiiiiooooouuuunc                      ')))
$$;
CREATE INDEX customers_account_mail ON customers_account USING gin (meterbook_mail_words(mail_lines));
CREATE INDEX customers_forwarding_mail ON customers_forwardingaddress USING gin (meterbook_mail_words(lines));
CREATE INDEX customers_person_email ON customers_person (lower(email) text_pattern_ops) WHERE email <> '';
"""
DOWN = """
DROP INDEX customers_person_email;
DROP INDEX customers_forwarding_mail;
DROP INDEX customers_account_mail;
DROP FUNCTION meterbook_mail_words(jsonb);
DROP TRIGGER names_learned_anew ON customers_person;
DROP TRIGGER names_learned ON customers_person;
DROP FUNCTION meterbook_learn_names();
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0205_words_of_names"), ("places", "0202_words_of_streets")]
    operations = [migrations.RunSQL(UP, DOWN)]
