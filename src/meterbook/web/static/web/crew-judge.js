// Whether a typed read can be: a warning asks to look again, it never refuses. The office judges every read once more.
const plain = /^[0-9]{1,9}(\.[0-9]{1,6})?$/;

export function judgeRead(register, text, words) {
  const typed = text.trim();
  if (!typed) return { value: null, warning: "" };
  if (!plain.test(typed)) return { value: null, wrong: words.read_digits };
  const [whole, part = ""] = typed.split(".");
  if (whole.replace(/^0+(?=\d)/, "").length > register.dials || part.length > register.decimals) {
    return { value: typed, warning: words.read_dials.replace("%(dials)s", register.dials) };
  }
  if (register.last === null) return { value: typed, warning: "" };
  const last = Number(register.last), span = 10 ** register.dials, raw = Number(typed) - last;
  const used = raw < 0 ? raw + span : raw;
  const said = (sentence) => sentence.replace("%(used)s", shown(used * Number(register.multiplier))).replace("%(unit)s", register.unit).replace("%(last)s", register.last);
  if (register.high === null) return { value: typed, warning: raw < 0 ? said(words.read_backward) : "", used };
  const low = Number(register.low), high = Number(register.high), billed = used * Number(register.multiplier);
  if (raw < 0) return { value: typed, warning: said(billed <= high ? words.read_rolled : words.read_backward), used };
  if (billed > high) return { value: typed, warning: said(words.read_high), used };
  if (billed < low) return { value: typed, warning: said(words.read_low), used };
  return { value: typed, warning: "", used };
}

const shown = (value) => String(Math.round(value * 1000) / 1000);

export const sameSerial = (one, other) => tidy(one) === tidy(other);
const tidy = (text) => text.toUpperCase().replace(/[^A-Z0-9]/g, "");

// What differs between the plate of the new meter and what is known: compared at every swap, said aloud, never refused.
export function judgeSwap(old, fresh, planned, words) {
  const said = [], put = (sentence, values) => said.push(Object.entries(values).reduce((text, [name, value]) => text.replace(`%(${name})s`, value), sentence));
  if (old && fresh.serial && sameSerial(fresh.serial, old.serial)) said.push(words.swap_same);
  if (planned && fresh.serial && !sameSerial(fresh.serial, planned.serial)) put(words.swap_planned, { serial: planned.serial });
  const known = planned && fresh.serial && sameSerial(fresh.serial, planned.serial) ? planned.registers : [];
  fresh.registers.forEach((plate, at) => {
    for (const [from, dials, multiplier] of [[known[at], words.shop_dials, words.shop_multiplier], [old && old.registers[at], words.swap_dials, words.swap_multiplier]]) {
      if (!from) continue;
      if (plate.dials && Number(plate.dials) !== from.dials) put(dials, { old: from.dials, new: plate.dials });
      if (plate.multiplier && Number(plate.multiplier) !== Number(from.multiplier)) put(multiplier, { old: Number(from.multiplier), new: plate.multiplier });
    }
    if (plate.value && plate.dials && plate.value.split(".")[0].length > Number(plate.dials)) put(words.read_dials, { dials: plate.dials });
    if (plate.value && Number(plate.value) > 20) put(words.swap_start, { value: plate.value });
  });
  return said;
}
