/** Every fault of a card's file by its line: all are mended at once. */
import { useEffect, useRef } from "preact/hooks";
import type { ProblemError } from "../../../api/types";
import { type Column, Table } from "../../parts/list";
import { useFleetWords } from "../i18n";
import { faultsOfFile, type FileFault } from "./faults";

export function FileFaults({ errors }: { errors: readonly ProblemError[] }) {
  const { t, count } = useFleetWords();
  const title = useRef<HTMLHeadingElement>(null);
  const faults = faultsOfFile(errors);
  useEffect(() => {
    if (faults.length > 0) title.current?.focus();
  }, [errors]);
  if (faults.length === 0) return null;
  const columns: Column<FileFault>[] = [
    { title: t("file.line"), draw: ({ line }) => line ?? t("file.whole") },
    { title: t("file.column"), draw: ({ column }) => column || "–" },
    { title: t("file.fault"), draw: ({ message }) => <span lang="en">{message}</span> },
  ];
  return (
    <section class="stack" aria-labelledby="file-faults">
      <h2 id="file-faults" ref={title} tabIndex={-1}>
        {count("file.faults", faults.length)}
      </h2>
      <Table
        caption={count("file.faults", faults.length)}
        items={faults}
        columns={columns}
        keyOf={({ line, column, message }) => `${line} ${column} ${message}`}
      />
    </section>
  );
}
