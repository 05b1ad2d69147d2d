/** What has been done, said and in view: the button that asked for it may be gone by now. */
import { useEffect, useRef } from "preact/hooks";

export function Told({ what }: { what: string }) {
  const line = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (what) line.current?.focus();
  }, [what]);
  return (
    <p ref={line} class="told" role="status" tabIndex={-1}>
      {what}
    </p>
  );
}
