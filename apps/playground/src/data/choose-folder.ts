import { element } from '../dom.js';
import { type DatasetFolder, folderOfFiles, folderOfHandle } from './dataset-folder.js';

/** `showDirectoryPicker` reads files when they are asked for; browsers that lack it list the whole folder first. */
interface WithPicker {
  showDirectoryPicker?(options: { readonly mode: 'read'; readonly id: string }): Promise<FileSystemDirectoryHandle>;
}

/** Where a folder is chosen, or dropped, by pointer or keyboard. */
export function chooseFolder(take: (folder: DatasetFolder) => void): HTMLElement {
  const pick = async (): Promise<void> => {
    const handle = await (window as WithPicker).showDirectoryPicker!({ mode: 'read', id: 'dataset' }).catch(
      () => undefined, // the user thought better of it
    );
    if (handle !== undefined) take(folderOfHandle(handle));
  };
  const input = element('input', {
    type: 'file',
    webkitdirectory: true,
    'aria-label': 'Folder of a prepared dataset',
    click: (event: Event) => {
      if ((window as WithPicker).showDirectoryPicker === undefined) return;
      event.preventDefault();
      void pick();
    },
    change: () => {
      if (input.files?.length) take(folderOfFiles(input.files));
      input.value = '';
    },
  });
  return element(
    'label',
    { class: 'dropzone' },
    element('b', {}, 'Folder of a prepared dataset'),
    ': drop it or choose it. It is read in this page, nothing leaves it.',
    input,
  );
}
