// Slack's short names of the emoji that communities use most.

const TABLE = `
grinning 😀 smiley 😃 smile 😄 grin 😁 laughing 😆 sweat_smile 😅 joy 😂 rolling_on_the_floor_laughing 🤣 blush 😊 innocent 😇
slightly_smiling_face 🙂 upside_down_face 🙃 wink 😉 relieved 😌 heart_eyes 😍 smiling_face_with_3_hearts 🥰 star-struck 🤩 yum 😋
stuck_out_tongue 😛 hugging_face 🤗 thinking_face 🤔 face_with_raised_eyebrow 🤨 neutral_face 😐 expressionless 😑 smirk 😏 unamused 😒
face_with_rolling_eyes 🙄 grimacing 😬 pensive 😔 sleepy 😪 sleeping 😴 mask 😷 dizzy_face 😵 exploding_head 🤯 partying_face 🥳
sunglasses 😎 nerd_face 🤓 confused 😕 worried 😟 slightly_frowning_face 🙁 open_mouth 😮 hushed 😯 astonished 😲 flushed 😳 cry 😢
sob 😭 scream 😱 disappointed 😞 sweat 😓 weary 😩 tired_face 😫 triumph 😤 rage 😡 skull 💀 clown_face 🤡 ghost 👻 robot_face 🤖
wave 👋 raised_hand ✋ ok_hand 👌 v ✌️ crossed_fingers 🤞 point_left 👈 point_right 👉 point_up_2 👆 point_down 👇 point_up ☝️
+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 fist ✊ facepunch 👊 clap 👏 raised_hands 🙌 open_hands 👐 handshake 🤝 pray 🙏 muscle 💪
eyes 👀 brain 🧠 shrug 🤷 facepalm 🤦 bow 🙇 man-shrugging 🤷 woman-shrugging 🤷 raising_hand 🙋 runner 🏃 dancer 💃 busts_in_silhouette 👥
heart ❤️ orange_heart 🧡 yellow_heart 💛 green_heart 💚 blue_heart 💙 purple_heart 💜 broken_heart 💔 sparkling_heart 💖 100 💯 boom 💥
star ⭐ star2 🌟 sparkles ✨ fire 🔥 zap ⚡ rainbow 🌈 sunny ☀️ cloud ☁️ snowflake ❄️ seedling 🌱 herb 🌿 deciduous_tree 🌳 cactus 🌵
four_leaf_clover 🍀 sunflower 🌻 rose 🌹 cherry_blossom 🌸 earth_africa 🌍 earth_americas 🌎 earth_asia 🌏 dog 🐶 cat 🐱 panda_face 🐼
unicorn_face 🦄 bee 🐝 bug 🐛 turtle 🐢 snake 🐍 whale 🐳 penguin 🐧 owl 🦉 coffee ☕ tea 🍵 beer 🍺 beers 🍻 champagne 🍾 cake 🍰
birthday 🎂 pizza 🍕 taco 🌮 popcorn 🍿 cookie 🍪 apple 🍎 tada 🎉 confetti_ball 🎊 gift 🎁 balloon 🎈 trophy 🏆 medal 🏅
first_place_medal 🥇 second_place_medal 🥈 third_place_medal 🥉 dart 🎯 art 🎨 musical_note 🎵 movie_camera 🎥 clapper 🎬 video_game 🎮
rocket 🚀 airplane ✈️ car 🚗 bike 🚲 ship 🚢 construction 🚧 house 🏠 office 🏢 watch ⌚ iphone 📱 computer 💻 keyboard ⌨️ bulb 💡
book 📖 books 📚 newspaper 📰 memo 📝 pencil2 ✏️ email 📧 envelope ✉️ incoming_envelope 📨 inbox_tray 📥 outbox_tray 📤 package 📦
file_folder 📁 page_facing_up 📄 bar_chart 📊 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 calendar 📅 date 📅
spiral_calendar_pad 🗓️ card_index 📇 clipboard 📋 pushpin 📌 paperclip 📎 link 🔗 lock 🔒 unlock 🔓 key 🔑 hammer 🔨
hammer_and_wrench 🛠️ wrench 🔧 gear ⚙️ mag 🔍 mag_right 🔎 microscope 🔬 telescope 🔭 speech_balloon 💬 thought_balloon 💭
loudspeaker 📢 mega 📣 bell 🔔 no_bell 🔕 hourglass ⌛ hourglass_flowing_sand ⏳ alarm_clock ⏰ stopwatch ⏱️ zzz 💤 double_vertical_bar ⏸️ warning ⚠️
no_entry ⛔ no_entry_sign 🚫 x ❌ heavy_multiplication_x ✖️ white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️
question ❓ grey_question ❔ exclamation ❗ heavy_exclamation_mark ❗ information_source ℹ️ heavy_plus_sign ➕ heavy_minus_sign ➖
arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️ repeat 🔁 arrows_counterclockwise 🔄 red_circle 🔴 large_blue_circle 🔵
large_green_circle 🟢 large_yellow_circle 🟡 white_circle ⚪ black_circle ⚫ small_blue_diamond 🔹 large_orange_diamond 🔶
one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ checkered_flag 🏁 triangular_flag_on_post 🚩 flag-un 🇺🇳 ice_cube 🧊 compass 🧭 jigsaw 🧩
`;
const BY_NAME = new Map([...TABLE.matchAll(/(\S+) (\S+)/g)].map(([, name, sign]) => [name, sign]));

export const OFTEN = ["white_check_mark", "eyes", "+1", "heart", "raised_hands", "tada", "pray", "bulb", "thinking_face", "joy", "100", "wave"];

export const emojiSign = (name) => BY_NAME.get(name.split("::")[0]);
export const emoji = (name) => emojiSign(name) ?? `:${name}:`;

// Names that hold the letters, those that begin with them first.
export function emojiNamed(letters, most) {
  const found = [...BY_NAME.keys()].filter((name) => name.includes(letters));
  return found.sort((a, b) => b.startsWith(letters) - a.startsWith(letters)).slice(0, most);
}
