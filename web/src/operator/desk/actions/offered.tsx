/** A dialog that has to ask first: what cars there are, what it would cost. */
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import type { Token } from "../../../api/operator";
import { useLoad } from "../../../shared/load";
import { ProblemNotice } from "../../../shared/ui/notice";
import { Skeleton } from "../../../shared/ui/skeleton";
import { useSession } from "../../session/gate";
import { useDeskWords } from "../i18n";
import type { DialogParts } from "./parts";
import { PlainDialog } from "./plain-dialog";

interface OfferedProps<T> {
  parts: DialogParts;
  title: string;
  load: (token: Token, reference: string, signal: AbortSignal) => Promise<T>;
  draw: (offered: T) => ComponentChildren;
}

export function Offered<T>({ parts, title, load, draw }: OfferedProps<T>) {
  const { t } = useDeskWords();
  const { token } = useSession();
  const { reference } = parts.rental;
  const { data, problem, reload } = useLoad(`offered ${reference}`, (signal) =>
    load(token, reference, signal),
  );
  const isOver = problem?.code === "illegal_transition";
  useEffect(() => {
    if (isOver) {
      parts.onEnd({ tone: "warning", title: t("refused.title"), text: t("refused.text") });
    }
  }, [isOver]);
  if (data) return <>{draw(data)}</>;
  return (
    <PlainDialog title={title} onClose={parts.onClose}>
      {problem ? <ProblemNotice problem={problem} retry={reload} /> : <Skeleton shapes={3} />}
    </PlainDialog>
  );
}
