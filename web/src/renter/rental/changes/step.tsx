/** One step of a change: its heading takes the focus, so that it is heard and seen. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

export function Step({ title, children }: { title: string; children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div class="change-step">
      <h3 ref={heading} tabIndex={-1}>
        {title}
      </h3>
      {children}
    </div>
  );
}
