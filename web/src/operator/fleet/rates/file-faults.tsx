/** Every fault of a card's file by its line: all are mended at once. */
import { useEffect, useRef } from "preact/hooks";
import type { ApiProblem } from "../../../api/client";
import { type Column, Table } from "../../parts/list";
import { useFleetWords } from "../i18n";
import { faultInWords } from "./fault-words";
import type { FileFault } from "./faults";

interface FaultsProps {
  faults: readonly FileFault[];
  /** The refusal that named them: each new one is read out. */
  problem: ApiProblem | null;
}

export function FileFaults({ faults, problem }: FaultsProps) {
  const { t, count } = useFleetWords();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (faults.length > 0) title.current?.focus();
  }, [problem]);
  if (faults.length === 0) return null;
  const columns: Column<FileFault>[] = [
    { title: t("file.line"), draw: ({ line }) => line ?? t("file.whole") },
    { title: t("file.column"), draw: ({ column }) => column || "–" },
    {
      title: t("file.fault"),
      draw: ({ message }) => faultInWords(message, t) ?? <span lang="en">{message}</span>,
    },
  ];
  return (
    <section class="fleet-section" aria-labelledby="file-faults">
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
