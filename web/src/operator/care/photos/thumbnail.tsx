/** A small picture that opens the large one. A picture sends no token: its bytes are fetched. */
import { useEffect, useState } from "preact/hooks";
import { fetchPhoto } from "../../../api/care";
import type { Photo } from "../../../api/types";
import { useLoad } from "../../../shared/load";
import { ProblemNotice } from "../../../shared/ui/notice";
import { useSession } from "../../session/gate";
import type { Seen } from "./photos-panel";

interface ThumbnailProps {
  photo: Photo;
  name: string;
  reference: string;
  onSee: (seen: Seen) => void;
}

export function Thumbnail({ photo, name, reference, onSee }: ThumbnailProps) {
  const { token } = useSession();
  const { data, problem, reload } = useLoad(`photo ${reference} ${photo.id}`, () =>
    fetchPhoto(token, reference, photo.id),
  );
  const url = useUrl(data);
  if (problem) return <ProblemNotice problem={problem} retry={reload} />;
  if (!url) return <div class="skeleton photo" aria-hidden="true" />;
  return (
    <button
      type="button"
      class="care-thumbnail"
      aria-haspopup="dialog"
      onClick={() => onSee({ photo, name, url })}
    >
      <img class="photo" src={url} alt={name} width={photo.width} height={photo.height} />
    </button>
  );
}

function useUrl(file: Blob | null): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!file) return;
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => {
      setUrl(null);
      URL.revokeObjectURL(made);
    };
  }, [file]);
  return url;
}
