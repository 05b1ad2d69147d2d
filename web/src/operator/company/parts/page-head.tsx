/** A page's heading with what it is for, and a way to see it anew. */
import type { ComponentChildren, Ref } from "preact";
import { useFrameWords } from "../../i18n";

interface PageHeadProps {
  title: string;
  children: ComponentChildren;
  heading?: Ref<HTMLHeadingElement>;
  reload?: () => void;
  busy?: boolean;
}

export function PageHead({ title, children, heading, reload, busy = false }: PageHeadProps) {
  const { t } = useFrameWords();
  return (
    <header class="company-head">
      <div>
        <h1 tabIndex={-1} ref={heading ?? null}>
          {title}
        </h1>
        {children}
      </div>
      {reload && (
        <button
          type="button"
          class="button button-quiet button-small"
          disabled={busy}
          onClick={reload}
        >
          {busy && <span class="spinner" aria-hidden="true" />}
          {t("list.reload")}
        </button>
      )}
    </header>
  );
}
