/** Faults of a card's file, by line and column, as a table shows them. */
import type { ProblemError } from "../../../api/types";

export interface FileFault {
  /** Null: of the whole file. */
  line: number | null;
  column: string;
  message: string;
}

const OF_FILE = /^\/(?:body\/)?csv(?:\/(\d+))?(?:\/(.*))?$/;
/** The place stands in columns of its own here. */
const PLACE = /^line \d+(?:, [^:]+)?: /;

/** In the order of the file; what is missing from all of it comes last. */
export function faultsOfFile(errors: readonly ProblemError[]): FileFault[] {
  return errors
    .flatMap(({ pointer, message }) => {
      const match = OF_FILE.exec(pointer);
      if (!match) return [];
      const line = match[1] ? Number(match[1]) : null;
      const column = (match[2] ?? "").replaceAll("~1", "/").replaceAll("~0", "~");
      return [{ line, column, message: message.replace(PLACE, "") }];
    })
    .sort((one, other) => (one.line ?? Infinity) - (other.line ?? Infinity));
}
