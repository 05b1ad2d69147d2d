/** What was asked of whom, in words; takes the keyboard, so that it is heard and seen. */
import { useEffect, useRef } from "preact/hooks";
import { Notice } from "../../../shared/ui/notice";

/** Sentences; a new array is a new result, even with the same words. */
export type Told = readonly string[];

export function ToldNotice({ told }: { told: Told | null }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (told) box.current?.focus();
  }, [told]);
  if (!told) return null;
  return (
    <div ref={box} tabIndex={-1} class="told">
      <Notice tone="success">
        {told.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </Notice>
    </div>
  );
}
