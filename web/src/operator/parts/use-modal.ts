/** Opens a dialog in front of the page, and gives the focus back when it goes. */
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** `onClose` hears of the browser closing it by itself: a second Esc asks nobody. */
export function useModal(onClose: () => void): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null);
  const hear = useRef(onClose);
  hear.current = onClose;
  // Before the dialog is taken away: only closing it gives the focus back to where it was.
  useLayoutEffect(() => {
    const shown = dialog.current;
    const closed = () => hear.current();
    shown?.showModal();
    shown?.addEventListener("close", closed);
    return () => {
      shown?.removeEventListener("close", closed);
      shown?.close();
    };
  }, []);
  return dialog;
}
