/** Names that machines give: nobody reads a whole one, and its beginning tells it from others. */

const UUID = /^([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const DIGEST = /^([0-9a-f]{8})[0-9a-f]{56}$/i;
/** A subject of an identity provider's: of letters and digits alone, and no word. */
const SUBJECT = /^(?=.*\d)([\w-]{8})[\w-]{20,}$/;

export function beginningOf(name: string): string {
  for (const kind of [UUID, DIGEST, SUBJECT]) {
    if (kind.test(name)) return name.replace(kind, "$1…");
  }
  return name;
}
