/** A queue message as somebody can read it. */
import { isReference } from "../parts/reference";

const HIDDEN = "•••";
/** No message of ours carries a secret; but a payment method's id is nobody's to read. */
const NAME = "payment_method_id|token|secret|password|authorization";
/** A text under such a name, to its end or to where the body was cut. */
const SECRET = new RegExp(
  String.raw`("[^"]*(?:${NAME})[^"]*"\s*:\s*)"(?:[^"\\]|\\.)*"?`,
  "gi",
);

export const withoutSecrets = (body: string): string => body.replace(SECRET, `$1"${HIDDEN}"`);

/** Indented where it is whole JSON, else as it came; never with a secret. */
export function readable(body: string): string {
  const shown = withoutSecrets(body);
  try {
    return JSON.stringify(JSON.parse(shown), null, 2);
  } catch {
    return shown;
  }
}

export interface About {
  /** `payment_requested.v1` */
  type: string | null;
  reference: string | null;
}

/** What the message says it is, and whose rental it is about, even where its end is cut off. */
export function aboutOf(body: string): About {
  const said = (name: string) => new RegExp(`"${name}"\\s*:\\s*"([^"\\\\]*)"`).exec(body)?.[1];
  const reference = said("reference") ?? "";
  return { type: said("type") ?? null, reference: isReference(reference) ? reference : null };
}

const bytesOf = (text: string) => new TextEncoder().encode(text).length;

/** The list shows long bodies only in part. */
export const isCut = (body: string, bytes: number): boolean => bytesOf(body) < bytes;
