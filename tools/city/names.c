#include "names.h"

#include <stdbool.h>

#include "draw.h"
#include "put.h"

#define COUNT(list) ((uint32_t)(sizeof(list) / sizeof((list)[0])))

static const char *const surnames[] = {
    "李",   "王",   "张",   "杨",   "赵",   "刘",   "陈",   "周",   "马", "朱", "徐", "高",
    "罗",   "何",   "郭",   "孙",   "黄",   "吴",   "林",   "唐",   "胡", "郑", "段", "董",
    "普",   "孔",   "毕",   "尹",   "谢",   "韩",   "蒋",   "沈",   "邓", "许", "彭", "曾",
    "萧",   "田",   "潘",   "袁",   "蔡",   "余",   "杜",   "叶",   "程", "苏", "魏", "吕",
    "丁",   "任",   "卢",   "姚",   "钟",   "姜",   "崔",   "谭",   "陆", "范", "汪", "廖",
    "欧阳", "司马", "诸葛", "上官", "司徒", "东方", "夏侯", "尉迟",
};

static const char *const given[] = {
    "云", "晓", "舟", "岚", "青", "禾", "远", "宁", "静", "澜", "书", "言", "知", "行", "若",
    "溪", "清", "和", "明", "朗", "思", "齐", "佳", "木", "子", "墨", "雨", "桐", "星", "野",
    "嘉", "树", "文", "博", "俊", "杰", "丽", "华", "建", "国", "春", "燕", "秋", "实", "冬",
    "梅", "晨", "曦", "浩", "然", "欣", "怡", "梓", "涵", "一", "诺", "可", "心", "安", "澄",
    "映", "雪", "南", "乔", "北", "川", "松", "柏", "竹", "兰", "芷", "若", "景", "行", "修",
    "远", "致", "成", "锦", "程", "凌", "霄", "望", "舒", "采", "薇", "鹿", "鸣", "淇", "奥",
};

/* Of Unicode planes 2 and 3: forms need four bytes, and fonts often lack them. */
static const char *const rare[] = {
    "\xF0\xA0\xAE\xB7", /* U+20BB7 */
    "\xF0\xAC\x80\xA9", /* U+2C029 */
    "\xF0\xAC\xAD\x8E", /* U+2CB4E */
    "\xF0\xAB\x96\xAF", /* U+2B5AF */
    "\xF0\xAA\xBB\x90", /* U+2AED0 */
    "\xF0\xA4\xA9\xBD", /* U+24A7D */
};

static const char *const first_names[] = {
    "ANNA",  "BORIS", "CHIARA", "DANIEL", "ELENA",  "FARID", "GRETA", "HUGO",  "INES",
    "JONAS", "KEIKO", "LUCAS",  "MAJA",   "NIKHIL", "OLGA",  "PAVEL", "RANIA", "SVEN",
};

static const char *const last_names[] = {
    "ALMQVIST", "BERGSTROM", "CASTELLO", "DUBOIS",       "EKMAN",     "FERREIRA",
    "GRONDAHL", "HAVEL",     "ISHIKAWA", "JANSSON",      "KOWALCZYK", "LINDGREN",
    "MORETTI",  "NAKAGAWA",  "O'RILEY",  "VAN DER MEER",
};

static const char *const hills[] = {
    "云岭", "翠湖",   "滇池", "螺峰",   "松华", "碧鸡", "金马", "长虫",
    "白沙", "红嘴鸥", "盘江", "圆通",   "昙华", "筇竹", "大观", "黑龙",
    "海埂", "呈源",   "梁王", "轿子雪", "九乡", "阳宗", "抚仙", "石韵",
};

static const char *const wishes[] = {
    "安禾", "同舟", "朗月", "春晖", "恒石", "晴川", "木棉", "远航", "知新", "和鸣", "星野", "百川",
    "启明", "青禾", "长风", "映山", "清源", "汇林", "南屏", "北辰", "凌云", "芳草", "新苗", "素问",
};

static const char *const trades[] = {
    "商贸",     "科技",     "物流",     "餐饮管理", "园林绿化", "花卉",   "茶业",
    "建筑工程", "信息技术", "医疗器械", "文化传播", "教育咨询", "环保",   "食品",
    "纺织",     "机械制造", "旅行社",   "酒店管理", "物业服务", "新材料",
};

static const char *const offices[] = {"城东管理部", "城西管理部", "城南管理部",  "城北管理部",
                                      "湖滨管理部", "新区管理部", "市本级营业部"};

static const char *const banks[] = {BANK_NAME, "示范农村商业银行", "示范储蓄银行"};

void name_of_person(uint64_t key, uint32_t number, char *out)
{
    uint32_t n = number * 8;
    uint32_t length = draw(key, FOR_NAME, n, 100) < 82 ? 2 : 1;
    char *p = put_text(out, surnames[draw(key, FOR_NAME, n + 1, 100) < 97
                                         ? draw(key, FOR_NAME, n + 2, COUNT(surnames) - 8)
                                         : COUNT(surnames) - 8 + draw(key, FOR_NAME, n + 2, 8)]);

    for (uint32_t i = 0; i < length; i++)
        p = put_text(p, given[draw(key, FOR_NAME, n + 3 + i, COUNT(given))]);
    if (draw(key, FOR_NAME, n + 5, 250) == 0)
        p = put_text(p, rare[draw(key, FOR_NAME, n + 6, COUNT(rare))]);
    *p = '\0';
}

void name_of_foreigner(uint64_t key, char *out)
{
    bool comma = draw(key, FOR_NAME, 2, 3) == 0; /* as in a passport; quoted in the file */
    const char *first = first_names[draw(key, FOR_NAME, 0, COUNT(first_names))];
    const char *last = last_names[draw(key, FOR_NAME, 1, COUNT(last_names))];
    char *p = put_text(out, comma ? last : first);

    p = put_text(p, comma ? ", " : " ");
    p = put_text(p, comma ? first : last);
    *p = '\0';
}

void name_of_unit(int64_t index, uint64_t key, char *out)
{
    /* The three words are the digits of index in a mixed base, so that names differ as long as
     * there are words; the city's own name in front keeps them from being anybody's. */
    uint64_t i = (uint64_t)index * 7919 + key % 7;
    char *p = put_text(out, "示范市");

    p = put_text(p, hills[i % COUNT(hills)]);
    p = put_text(p, wishes[i / COUNT(hills) % COUNT(wishes)]);
    p = put_text(p, trades[i / COUNT(hills) / COUNT(wishes) % COUNT(trades)]);
    p = put_text(p, draw(key, FOR_UNIT_NAME, 0, 25) == 0 ? "（集团）有限公司" : "有限公司");
    *p = '\0';
}

const char *name_of_office(int64_t unit_index)
{
    return offices[(uint64_t)unit_index * 5 % COUNT(offices)];
}

const char *name_of_bank(uint64_t key)
{
    return banks[draw(key, FOR_CARD, 9, COUNT(banks))];
}
