/** One photo in front of the page, as large as the screen allows. */
import { useId } from "preact/hooks";
import { useModal } from "../../parts/use-modal";
import { useCareWords } from "../i18n";
import { useMoment } from "../parts/use-moment";
import type { Seen } from "./photos-panel";

interface ViewerProps {
  seen: Seen;
  timeZone: string;
  onClose: () => void;
  onDiscard: () => void;
}

export function Viewer({ seen: { photo, name, url }, timeZone, onClose, onDiscard }: ViewerProps) {
  const { t, number } = useCareWords();
  const moment = useMoment();
  const dialog = useModal(onClose);
  const titleId = useId();
  return (
    <dialog
      ref={dialog}
      class="dialog care-viewer"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id={titleId}>{name}</h2>
      <img src={url} alt={name} width={photo.width} height={photo.height} />
      <p class="muted">
        {t("photos.about", {
          plate: photo.plate,
          at: moment(photo.added_at, timeZone),
          width: photo.width,
          height: photo.height,
          kilobytes: number(Math.ceil(photo.size_bytes / 1024)),
        })}
      </p>
      <div class="actions">
        <button type="button" class="button button-primary" onClick={onClose}>
          {t("photos.close")}
        </button>
        <button type="button" class="button button-danger" onClick={onDiscard}>
          {t("photos.discard")}
        </button>
      </div>
    </dialog>
  );
}
