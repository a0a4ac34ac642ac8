export { blend, overlayMask } from './blend.js';
export { contactSheet, type ContactSheetOptions } from './contact-sheet.js';
export { copyImage, createImage } from './create-image.js';
export { cropImage } from './crop-image.js';
export { type CircleOptions, drawCircle } from './draw-circle.js';
export { drawLine, type LineOptions } from './draw-line.js';
export { drawSkeleton, FINGER_COLORS, type SkeletonOptions } from './draw-skeleton.js';
export { drawLabel, drawText, type LabelOptions, measureText, type TextOptions } from './draw-text.js';
export { drawRect, fillRect, type Rect } from './fill-rect.js';
export { addSensorNoise } from './filters/add-sensor-noise.js';
export { applyTone, type Tone } from './filters/apply-tone.js';
export { blurImage } from './filters/blur-image.js';
export { doubleSize } from './filters/double-size.js';
export { createFilters, type Filters } from './filters/filter-memory.js';
export { jpegArtefacts } from './filters/jpeg-artefacts.js';
export { motionBlur } from './filters/motion-blur.js';
export { paintSoftly, type SoftCanvas, type SoftGradient, type SoftSpot } from './filters/paint-softly.js';
export { type FillSurface, GRAIN_TILE_SIDE, type PaintedSurface, paintSurfaces } from './filters/paint-surfaces.js';
export { createRenderBuffers, type RenderBuffers } from './mesh/render-buffers.js';
export { RENDER_MESH_DEFAULTS, renderMesh, type RenderedMesh, type RenderMeshOptions } from './mesh/render-mesh.js';
export type { Intensity, Mesh } from './mesh/types.js';
export { vertexNormals } from './mesh/vertex-normals.js';
export { overlayMesh, type OverlayMeshOptions } from './overlay-mesh.js';
export { decodeGray16Png, decodeGrayPng, decodePng, encodeGray16Png, encodePng } from './png.js';
export { resizeImage, type ResizeOptions } from './resize-image.js';
export { linearToSrgb, srgbToLinear } from './srgb.js';
export type { Camera, Color, Gray16Image, GrayImage, Image, Point, RgbImage } from './types.js';
export { createSceneRenderer, type SceneRendererOptions } from './scene/create-scene-renderer.js';
export { type DepthImage, keypointVisibility, type KeypointVisibilityOptions } from './scene/keypoint-visibility.js';
export { RENDER_SCENE_DEFAULTS } from './scene/render-scene.js';
export type {
  Material,
  RenderSceneOptions,
  RenderTimings,
  Scene,
  SceneLight as Light,
  SceneLight,
  SceneMesh,
  SceneOutput,
  SceneOutputs,
  SceneRenderer,
  ShadowOptions,
  SurfaceFragments,
  SurfaceShader,
  Texture,
} from './scene/types.js';
export { type Bounds, boundsOf, fitCamera, type FitCameraOptions } from './views/fit-camera.js';
export { ID_COLORS, paintDepth, paintIds, paintNormals } from './views/paint-outputs.js';
export {
  renderView,
  type RenderViewOptions,
  STUDIO_LIGHT,
  turntable,
  type TurntableOptions,
  type ViewColoring,
} from './views/render-view.js';
export { type Turn, turnVertices } from './views/turn-vertices.js';
